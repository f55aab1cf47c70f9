"""When printers were last heard: rows that change every half minute, with room to change in their place."""

import django.db.models.deletion
from django.db import migrations, models


ROOM = "ALTER TABLE checks_printersighting SET (fillfactor = 50);"
NO_ROOM = "ALTER TABLE checks_printersighting RESET (fillfactor);"


class Migration(migrations.Migration):

    dependencies = [
        ('checks', '0003_erased_file'),
    ]

    operations = [
        migrations.CreateModel(
            name='PrinterSighting',
            fields=[
                ('printer', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='sighting', serialize=False, to='checks.printer', verbose_name='printer')),
                ('seen_at', models.DateTimeField(verbose_name='last seen')),
            ],
            options={
                'verbose_name': 'sighting of a printer',
                'verbose_name_plural': 'sightings of printers',
            },
        ),
        migrations.RunSQL(ROOM, NO_ROOM),
    ]
