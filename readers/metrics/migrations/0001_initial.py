"""The counters of events."""

from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40)),
                ('first', models.CharField(blank=True, max_length=40)),
                ('second', models.CharField(blank=True, max_length=40)),
                ('count', models.BigIntegerField()),
                ('total', models.BigIntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'first', 'second'), name='metrics_tally_unique')],
            },
        ),
    ]
