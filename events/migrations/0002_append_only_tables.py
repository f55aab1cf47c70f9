"""Make the log, its seals and the archive's lists append-only.

The trigger fires for statements, so that it refuses a DELETE of no rows and a TRUNCATE too. It is enabled ALWAYS,
so that a session in replica mode does not get round it. Only the table's owner can disable it.
EXECUTE PROCEDURE, because EXECUTE FUNCTION needs PostgreSQL 11.
"""

from django.db import migrations

TABLES = ("events_event", "events_seal", "events_archivepart", "events_archivedcheck", "events_archivedstretch")

FUNCTION = """
CREATE FUNCTION events_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'events are append-only: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END
$$;
"""

NO_FUNCTION = "DROP FUNCTION events_refuse_change();"

TRIGGERS = "\n".join(
    f"""
    CREATE TRIGGER {table}_append_only
        BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE PROCEDURE events_refuse_change();
    ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_append_only;
    """
    for table in TABLES
)
NO_TRIGGERS = "\n".join(f"DROP TRIGGER {table}_append_only ON {table};" for table in TABLES)


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]

    operations = [migrations.RunSQL(FUNCTION, NO_FUNCTION), migrations.RunSQL(TRIGGERS, NO_TRIGGERS)]
