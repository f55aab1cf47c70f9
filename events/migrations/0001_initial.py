import django.contrib.postgres.indexes
import django.db.models.deletion
import events.models
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('checks', '0001_initial'),
    ]

    operations = [
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
                ('tx_id', models.BigIntegerField(db_default=events.models.TransactionId(), editable=False, verbose_name='transaction')),
                ('event_uid', models.UUIDField(verbose_name='event id')),
                ('hash', models.BinaryField(max_length=32, verbose_name='hash')),
                ('prev_hash', models.BinaryField(max_length=32, verbose_name='previous hash')),
                ('stream', models.ForeignKey(db_column='check_id', db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='checks.check', verbose_name='check')),
            ],
            options={
                'verbose_name': 'event',
                'verbose_name_plural': 'events',
                'indexes': [models.Index(fields=['tx_id', 'id'], name='events_event_feed'), models.Index(fields=['correlation_id'], name='events_event_correlation'), models.Index(fields=['type', 'id'], name='events_event_type'), django.contrib.postgres.indexes.BrinIndex(fields=['occurred_at'], name='events_event_occurred_at')],
                'constraints': [models.UniqueConstraint(fields=('stream', 'version'), name='events_event_stream_version'), models.UniqueConstraint(fields=('event_uid',), name='events_event_uid'), models.CheckConstraint(condition=models.Q(('version__gte', 1)), name='events_event_version_from_1')],
            },
        ),
    ]
