"""Printers, their history, and when each was last seen."""

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Printer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('api_key', models.CharField(error_messages={'unique': 'Another printer has this API key already.'}, max_length=200, unique=True, verbose_name='API key')),
                ('check_type', models.CharField(choices=[('kitchen', 'kitchen'), ('client', 'client')], max_length=10, verbose_name='check type')),
                ('point_id', models.IntegerField(verbose_name='point')),
                ('delivery', models.CharField(choices=[('download', 'a download counts as printed'), ('confirm', 'the printer confirms; without a confirmation a person looks'), ('resend', 'the printer confirms; without a confirmation it is offered again')], default='confirm', max_length=10, verbose_name='delivery')),
            ],
            options={
                'verbose_name': 'printer',
                'verbose_name_plural': 'printers',
            },
        ),
        migrations.CreateModel(
            name='HistoricalPrinter',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('check_type', models.CharField(choices=[('kitchen', 'kitchen'), ('client', 'client')], max_length=10, verbose_name='check type')),
                ('point_id', models.IntegerField(verbose_name='point')),
                ('delivery', models.CharField(choices=[('download', 'a download counts as printed'), ('confirm', 'the printer confirms; without a confirmation a person looks'), ('resend', 'the printer confirms; without a confirmation it is offered again')], default='confirm', max_length=10, verbose_name='delivery')),
                ('history_id', models.BigAutoField(editable=False, primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField()),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical printer',
                'verbose_name_plural': 'historical printers',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='PrinterPresence',
            fields=[
                ('printer', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='presence', serialize=False, to='printers.printer', verbose_name='printer')),
                ('last_seen_at', models.DateTimeField(verbose_name='last seen')),
            ],
            options={
                'verbose_name': 'presence of a printer',
                'verbose_name_plural': 'presence of printers',
            },
        ),
        migrations.AddIndex(
            model_name='printer',
            index=models.Index(fields=['point_id'], name='printers_printer_point'),
        ),
        migrations.AddConstraint(
            model_name='printer',
            constraint=models.CheckConstraint(condition=models.Q(('check_type__in', ['kitchen', 'client'])), name='printers_printer_check_type'),
        ),
        migrations.AddConstraint(
            model_name='printer',
            constraint=models.CheckConstraint(condition=models.Q(('delivery__in', ['download', 'confirm', 'resend'])), name='printers_printer_delivery'),
        ),
    ]
