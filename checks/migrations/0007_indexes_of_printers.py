"""The newest checks and the latest failures of a printer.

A foreign key's own index has the printer alone; the new one begins with it and takes its place.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('checks', '0006_groups_of_staff'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='check',
            index=models.Index(fields=['printer', 'id'], name='checks_check_printer'),
        ),
        migrations.AddIndex(
            model_name='check',
            index=models.Index(condition=models.Q(('status', 'failed')), fields=['printer', 'status_changed_at'], name='checks_check_printer_failed'),
        ),
        migrations.AlterField(
            model_name='check',
            name='printer',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='checks.printer', verbose_name='printer'),
        ),
    ]
