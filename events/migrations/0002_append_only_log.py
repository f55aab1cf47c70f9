"""Make the log append-only, and say what the feed's horizon is.

The trigger fires for statements, so that it refuses a DELETE of no rows and a TRUNCATE too, and ALWAYS, so
that a session in replica mode does not get round it. Only the table's owner can disable it.
EXECUTE PROCEDURE, because EXECUTE FUNCTION is PostgreSQL 11's.
"""

from django.db import migrations

APPEND_ONLY = """
CREATE FUNCTION events_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'events are append-only: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER events_event_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON events_event
    FOR EACH STATEMENT EXECUTE PROCEDURE events_refuse_change();
ALTER TABLE events_event ENABLE ALWAYS TRIGGER events_event_append_only;
"""

NOT_APPEND_ONLY = """
DROP TRIGGER events_event_append_only ON events_event;
DROP FUNCTION events_refuse_change();
"""

SHAPES = """
ALTER TABLE events_event
    ADD CONSTRAINT events_event_data_is_object CHECK (jsonb_typeof(data) = 'object'),
    ADD CONSTRAINT events_event_hash_length CHECK (octet_length(hash) = 32 AND octet_length(prev_hash) = 32);
"""

NO_SHAPES = """
ALTER TABLE events_event
    DROP CONSTRAINT events_event_data_is_object,
    DROP CONSTRAINT events_event_hash_length;
"""

# Every transaction below the horizon has ended: what is visible of them now is all there will ever be.
HORIZON = """
CREATE FUNCTION events_horizon() RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT txid_snapshot_xmin(txid_current_snapshot())
$$;
"""

NO_HORIZON = "DROP FUNCTION events_horizon();"


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]

    operations = [
        migrations.RunSQL(APPEND_ONLY, NOT_APPEND_ONLY),
        migrations.RunSQL(SHAPES, NO_SHAPES),
        migrations.RunSQL(HORIZON, NO_HORIZON),
    ]
