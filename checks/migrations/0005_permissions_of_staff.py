"""Permissions beside Django's own: to see what an order says of a person, and to take lists away as a file."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('checks', '0004_printer_sightings'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='check',
            options={
                'permissions': [
                    ('view_personal_data', 'Can see names, phones and addresses of clients'),
                    ('export_check', 'Can export checks'),
                ],
                'verbose_name': 'check',
                'verbose_name_plural': 'checks',
            },
        ),
    ]
