"""Let a range of recorded_at be found by a small index: the log grows in that order."""

import django.contrib.postgres.indexes
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('events', '0006_archiving'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='event',
            index=django.contrib.postgres.indexes.BrinIndex(fields=['recorded_at'], name='events_event_recorded_at'),
        ),
    ]
