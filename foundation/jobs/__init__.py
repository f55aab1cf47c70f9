"""RQ's queues, workers, cron and pages. Everything that works around RQ or django-rq is in this folder.

Each module names the versions that it was written for and what to check when they are upgraded.
"""
