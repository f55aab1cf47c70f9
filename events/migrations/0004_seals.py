"""The seals over the log, as append-only as the log itself; see 0002 for the trigger."""

from django.db import migrations, models

APPEND_ONLY = """
CREATE TRIGGER events_seal_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON events_seal
    FOR EACH STATEMENT EXECUTE PROCEDURE events_refuse_change();
ALTER TABLE events_seal ENABLE ALWAYS TRIGGER events_seal_append_only;
"""

NOT_APPEND_ONLY = "DROP TRIGGER events_seal_append_only ON events_seal;"

SHAPES = """
ALTER TABLE events_seal
    ADD CONSTRAINT events_seal_hash_length
        CHECK (octet_length(root) = 32 AND octet_length(hash) = 32 AND octet_length(prev_hash) = 32),
    ADD CONSTRAINT events_seal_goes_on CHECK ((last_tx_id, last_id) > (after_tx_id, after_id));
"""

NO_SHAPES = """
ALTER TABLE events_seal
    DROP CONSTRAINT events_seal_hash_length,
    DROP CONSTRAINT events_seal_goes_on;
"""


class Migration(migrations.Migration):
    dependencies = [("events", "0003_transaction_ids_from_an_offset")]

    operations = [
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('number', models.BigIntegerField(primary_key=True, serialize=False, verbose_name='number')),
                ('after_tx_id', models.BigIntegerField(verbose_name='after transaction')),
                ('after_id', models.BigIntegerField(verbose_name='after event')),
                ('last_tx_id', models.BigIntegerField(verbose_name='last transaction')),
                ('last_id', models.BigIntegerField(verbose_name='last event')),
                ('events', models.PositiveIntegerField(verbose_name='events')),
                ('root', models.BinaryField(max_length=32, verbose_name='Merkle root')),
                ('sealed_at', models.DateTimeField(verbose_name='sealed at')),
                ('prev_hash', models.BinaryField(max_length=32, verbose_name='previous hash')),
                ('hash', models.BinaryField(max_length=32, verbose_name='hash')),
            ],
            options={
                'verbose_name': 'seal',
                'verbose_name_plural': 'seals',
                'constraints': [models.UniqueConstraint(fields=('last_tx_id', 'last_id'), name='events_seal_last'), models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='events_seal_number_from_1'), models.CheckConstraint(condition=models.Q(('events__gte', 1)), name='events_seal_not_empty')],
            },
        ),
        migrations.RunSQL(APPEND_ONLY, NOT_APPEND_ONLY),
        migrations.RunSQL(SHAPES, NO_SHAPES),
    ]
