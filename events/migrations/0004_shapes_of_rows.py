"""Constraints that Django's models cannot express: JSON objects, lengths of hashes, the order of seals."""

from django.db import migrations

SHAPES = """
ALTER TABLE events_event
    ADD CONSTRAINT events_event_data_is_object CHECK (jsonb_typeof(data) = 'object'),
    ADD CONSTRAINT events_event_hash_length CHECK (octet_length(hash) = 32 AND octet_length(prev_hash) = 32);
ALTER TABLE events_seal
    ADD CONSTRAINT events_seal_hash_length
        CHECK (octet_length(root) = 32 AND octet_length(hash) = 32 AND octet_length(prev_hash) = 32),
    ADD CONSTRAINT events_seal_goes_on CHECK ((last_tx_id, last_id) > (after_tx_id, after_id));
ALTER TABLE events_archivepart
    ADD CONSTRAINT events_archivepart_hash_length CHECK (octet_length(manifest_sha256) = 32);
"""

NO_SHAPES = """
ALTER TABLE events_event
    DROP CONSTRAINT events_event_data_is_object,
    DROP CONSTRAINT events_event_hash_length;
ALTER TABLE events_seal
    DROP CONSTRAINT events_seal_hash_length,
    DROP CONSTRAINT events_seal_goes_on;
ALTER TABLE events_archivepart DROP CONSTRAINT events_archivepart_hash_length;
"""


class Migration(migrations.Migration):
    dependencies = [("events", "0003_way_into_the_archive")]

    operations = [migrations.RunSQL(SHAPES, NO_SHAPES)]
