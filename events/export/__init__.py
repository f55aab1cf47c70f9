"""The log as files, for those who do not want to ask the database: `manage.py export_events`."""
