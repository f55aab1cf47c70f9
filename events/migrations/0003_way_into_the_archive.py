"""Let events leave their table in one way: into a part of the archive that the same transaction lists.

The statement trigger of 0002 lets a DELETE of events pass when the last part of the archive is this very
transaction's and the session has the rights of the table's owner. A row trigger then refuses each event
whose check that part does not list. UPDATE and TRUNCATE stay refused. So does every other DELETE, even by a
superuser. It is a row trigger because a statement trigger sees the rows only from PostgreSQL 10 on.
"""

from django.db import migrations

PATH = """
CREATE OR REPLACE FUNCTION events_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND TG_TABLE_NAME = 'events_event'
        AND (SELECT tx_id FROM events_archivepart ORDER BY number DESC LIMIT 1) = events_tx_id()
        AND pg_has_role((SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE')
    THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'events are append-only: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END
$$;
CREATE FUNCTION events_refuse_unlisted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM events_archivedcheck listed JOIN events_archivepart part ON part.number = listed.part_id
        WHERE listed.check_id = OLD.check_id AND part.tx_id = events_tx_id()
    ) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'events are append-only: check % is not being archived', OLD.check_id
        USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER events_event_only_archived
    BEFORE DELETE ON events_event FOR EACH ROW EXECUTE PROCEDURE events_refuse_unlisted();
ALTER TABLE events_event ENABLE ALWAYS TRIGGER events_event_only_archived;
"""

NO_PATH = """
DROP TRIGGER events_event_only_archived ON events_event;
DROP FUNCTION events_refuse_unlisted();
CREATE OR REPLACE FUNCTION events_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'events are append-only: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("events", "0002_append_only_tables")]

    operations = [migrations.RunSQL(PATH, NO_PATH)]
