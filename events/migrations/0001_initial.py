"""Events, seals, the archive's lists, and tokens to read the log.

A cluster counts its transactions from 3. A log that was dumped in one cluster and restored into another holds ids
that the new one gives out much later, or never. So transactions count from an offset: `manage.py
adopt_restored_log` replaces the constant in events_tx_offset(), and new events come after all old ones. The
function is IMMUTABLE so that the planner sees a constant.
"""

import django.contrib.postgres.indexes
import django.db.models.deletion
import events.models
import simple_history.models
from django.conf import settings
from django.db import migrations, models

# The tables' defaults call these functions.
TRANSACTION_IDS = """
CREATE FUNCTION events_tx_offset() RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
    SELECT 0::bigint
$$;
CREATE FUNCTION events_tx_id() RETURNS bigint LANGUAGE sql VOLATILE AS $$
    SELECT txid_current() + events_tx_offset()
$$;
CREATE FUNCTION events_horizon() RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT txid_snapshot_xmin(txid_current_snapshot()) + events_tx_offset()
$$;
"""

NO_TRANSACTION_IDS = """
DROP FUNCTION events_horizon();
DROP FUNCTION events_tx_id();
DROP FUNCTION events_tx_offset();
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('checks', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(TRANSACTION_IDS, NO_TRANSACTION_IDS),
        migrations.CreateModel(
            name='FollowerPosition',
            fields=[
                ('name', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('tx_id', models.BigIntegerField(default=0)),
                ('event_id', models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='ReaderToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('secret_hash', models.BinaryField(max_length=32, unique=True, verbose_name='hash')),
                ('shown_part', models.CharField(editable=False, max_length=10, verbose_name='begins with')),
                ('created_at', models.DateTimeField(editable=False, verbose_name='created at')),
                ('last_used_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='last used at')),
                ('revoked_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='revoked at')),
                ('name', models.CharField(help_text='The program that reads with it.', max_length=200, verbose_name='name')),
            ],
            options={
                'verbose_name': 'token to read events',
                'verbose_name_plural': 'tokens to read events',
            },
        ),
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
            name='HistoricalReaderToken',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('shown_part', models.CharField(editable=False, max_length=10, verbose_name='begins with')),
                ('created_at', models.DateTimeField(editable=False, verbose_name='created at')),
                ('revoked_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='revoked at')),
                ('name', models.CharField(help_text='The program that reads with it.', max_length=200, verbose_name='name')),
                ('history_id', models.BigAutoField(editable=False, primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField()),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical token to read events',
                'verbose_name_plural': 'historical tokens to read events',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
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
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(verbose_name='version')),
                ('type', models.CharField(max_length=40, verbose_name='type')),
                ('schema_version', models.PositiveSmallIntegerField(default=1, verbose_name='schema version')),
                ('data', models.JSONField(verbose_name='data')),
                ('actor', models.CharField(max_length=120, verbose_name='actor')),
                ('correlation_id', models.UUIDField(verbose_name='correlation id')),
                ('occurred_at', models.DateTimeField(verbose_name='occurred at')),
                ('recorded_at', models.DateTimeField(db_default=events.models.ClockTimestamp(), editable=False, verbose_name='recorded at')),
                ('tx_id', models.BigIntegerField(db_default=events.models.OffsetTransactionId(), editable=False, verbose_name='transaction')),
                ('event_uid', models.UUIDField(verbose_name='event id')),
                ('hash', models.BinaryField(max_length=32, verbose_name='hash')),
                ('prev_hash', models.BinaryField(max_length=32, verbose_name='previous hash')),
                ('stream', models.ForeignKey(db_column='check_id', db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='checks.check', verbose_name='check')),
            ],
            options={
                'verbose_name': 'event',
                'verbose_name_plural': 'events',
                'indexes': [models.Index(fields=['tx_id', 'id'], name='events_event_feed'), models.Index(fields=['correlation_id'], name='events_event_correlation'), models.Index(fields=['type', 'id'], name='events_event_type'), django.contrib.postgres.indexes.BrinIndex(fields=['occurred_at'], name='events_event_occurred_at'), django.contrib.postgres.indexes.BrinIndex(fields=['recorded_at'], name='events_event_recorded_at')],
                'constraints': [models.UniqueConstraint(fields=('stream', 'version'), name='events_event_stream_version'), models.UniqueConstraint(fields=('event_uid',), name='events_event_uid'), models.CheckConstraint(condition=models.Q(('version__gte', 1)), name='events_event_version_from_1')],
            },
        ),
        migrations.CreateModel(
            name='ArchivedStretch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('events', models.PositiveIntegerField(verbose_name='events')),
                ('part', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stretches', to='events.archivepart', verbose_name='part of the archive')),
                ('seal', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='stretches', to='events.seal', verbose_name='seal')),
            ],
            options={
                'verbose_name': 'archived stretch of a seal',
                'verbose_name_plural': 'archived stretches of seals',
                'constraints': [models.UniqueConstraint(fields=('seal', 'part'), name='events_archivedstretch_unique'), models.CheckConstraint(condition=models.Q(('events__gte', 1)), name='events_archivedstretch_some')],
            },
        ),
    ]
