"""The schema of analysts, and what an event makes of a check's status.

A schema that is there already is taken as it is: whoever may not create one in the database asks for it.
"""

from django.db import migrations

SCHEMA = """
DO $$
BEGIN
    IF to_regnamespace('analytics') IS NULL THEN
        CREATE SCHEMA analytics;
    END IF;
END
$$;
COMMENT ON SCHEMA analytics IS
    'What happened to checks and orders, derived from the log alone. No personal data, no keys.';
"""

NO_SCHEMA = "DROP SCHEMA analytics;"

# As checks.domain.lifecycle.evolve has it; a test compares the two.
STATUS_AFTER = """
CREATE FUNCTION analytics.status_after(event text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN event IN ('created', 'render_attempt_failed', 'retried') THEN 'new'
        WHEN event IN ('rendered', 'released', 'reprinted') THEN 'rendered'
        WHEN event IN ('printed', 'failed') THEN event
    END
$$;
COMMENT ON FUNCTION analytics.status_after(text) IS
    'The status of a check after an event of this type; NULL where it stays what it was.';
"""

NO_STATUS_AFTER = "DROP FUNCTION analytics.status_after(text);"


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.RunSQL(SCHEMA, NO_SCHEMA),
        migrations.RunSQL(STATUS_AFTER, NO_STATUS_AFTER),
    ]
