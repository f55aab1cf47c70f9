"""The newest checks and the latest failures of a printer, without an interruption of the service.

A foreign key's own index has the printer alone; the new one begins with it and takes its place.
"""

import django.db.models.deletion
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False  # an index that is built beside the service cannot be built in a transaction

    dependencies = [
        ('checks', '0006_groups_of_staff'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='check',
            index=models.Index(fields=['printer', 'id'], name='checks_check_printer'),
        ),
        AddIndexConcurrently(
            model_name='check',
            index=models.Index(condition=models.Q(('status', 'failed')), fields=['printer', 'status_changed_at'], name='checks_check_printer_failed'),
        ),
        migrations.AlterField(
            model_name='check',
            name='printer',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='checks.printer', verbose_name='printer'),
        ),
    ]
