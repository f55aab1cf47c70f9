"""What is in the archive and where, as append-only as the log itself; see 0002 for the trigger."""

import django.db.models.deletion
import events.models
from django.db import migrations, models


TABLES = ("events_archivepart", "events_archivedcheck", "events_archivedstretch")
APPEND_ONLY = "\n".join(
    f"""
    CREATE TRIGGER {table}_append_only
        BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE PROCEDURE events_refuse_change();
    ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_append_only;
    """
    for table in TABLES
)
NOT_APPEND_ONLY = "\n".join(f"DROP TRIGGER {table}_append_only ON {table};" for table in TABLES)

SHAPES = """
ALTER TABLE events_archivepart
    ADD CONSTRAINT events_archivepart_hash_length CHECK (octet_length(manifest_sha256) = 32);
"""
NO_SHAPES = "ALTER TABLE events_archivepart DROP CONSTRAINT events_archivepart_hash_length;"


class Migration(migrations.Migration):

    dependencies = [
        ('events', '0004_seals'),
    ]

    operations = [
        migrations.CreateModel(
            name='ArchivePart',
            fields=[
                ('number', models.BigIntegerField(primary_key=True, serialize=False, verbose_name='number')),
                ('day', models.DateField(verbose_name='day')),
                ('checks', models.PositiveIntegerField(verbose_name='checks')),
                ('events', models.PositiveIntegerField(verbose_name='events')),
                ('manifest_sha256', models.BinaryField(max_length=32, verbose_name='hash of the manifest')),
                ('archived_at', models.DateTimeField(verbose_name='archived at')),
                ('tx_id', models.BigIntegerField(db_default=events.models.OffsetTransactionId(), editable=False, verbose_name='transaction')),
            ],
            options={
                'verbose_name': 'part of the archive',
                'verbose_name_plural': 'parts of the archive',
                'constraints': [models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='events_archivepart_number_from_1')],
            },
        ),
        migrations.CreateModel(
            name='ArchivedStretch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('events', models.PositiveIntegerField(verbose_name='events')),
                ('seal', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='stretches', to='events.seal', verbose_name='seal')),
                ('part', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stretches', to='events.archivepart', verbose_name='part of the archive')),
            ],
            options={
                'verbose_name': 'archived stretch of a seal',
                'verbose_name_plural': 'archived stretches of seals',
                'constraints': [models.UniqueConstraint(fields=('seal', 'part'), name='events_archivedstretch_unique'), models.CheckConstraint(condition=models.Q(('events__gte', 1)), name='events_archivedstretch_some')],
            },
        ),
        migrations.CreateModel(
            name='ArchivedCheck',
            fields=[
                ('check_id', models.BigIntegerField(primary_key=True, serialize=False, verbose_name='check')),
                ('order_id', models.BigIntegerField(verbose_name='order number')),
                ('part', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contents', to='events.archivepart', verbose_name='part of the archive')),
            ],
            options={
                'verbose_name': 'archived check',
                'verbose_name_plural': 'archived checks',
                'indexes': [models.Index(fields=['order_id'], name='events_archivedcheck_order')],
            },
        ),
        migrations.RunSQL(APPEND_ONLY, NOT_APPEND_ONLY),
        migrations.RunSQL(SHAPES, NO_SHAPES),
    ]
