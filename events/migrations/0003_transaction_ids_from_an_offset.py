"""Count transactions from an offset, so that a log restored into another cluster can be gone on with.

A cluster counts its transactions from 3. A log that was dumped in one and restored into another holds ids that
the new one gives out much later, or never; `manage.py adopt_restored_log` then replaces the constant in
events_tx_offset(), and new events come after all old ones. IMMUTABLE, so that the planner sees a constant.
"""

import events.models
from django.db import migrations, models

FUNCTIONS = """
CREATE FUNCTION events_tx_offset() RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
    SELECT 0::bigint
$$;
CREATE FUNCTION events_tx_id() RETURNS bigint LANGUAGE sql VOLATILE AS $$
    SELECT txid_current() + events_tx_offset()
$$;
CREATE OR REPLACE FUNCTION events_horizon() RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT txid_snapshot_xmin(txid_current_snapshot()) + events_tx_offset()
$$;
"""

NO_FUNCTIONS = """
CREATE OR REPLACE FUNCTION events_horizon() RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT txid_snapshot_xmin(txid_current_snapshot())
$$;
DROP FUNCTION events_tx_id();
DROP FUNCTION events_tx_offset();
"""


class Migration(migrations.Migration):
    dependencies = [("events", "0002_append_only_log")]

    operations = [
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
        migrations.AlterField(
            model_name="event",
            name="tx_id",
            field=models.BigIntegerField(
                db_default=events.models.OffsetTransactionId(), editable=False, verbose_name="transaction"
            ),
        ),
    ]
