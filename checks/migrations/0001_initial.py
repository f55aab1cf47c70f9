"""Checks, their history, and the PDFs that wait for deletion."""

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('printers', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ErasedFile',
            fields=[
                ('name', models.CharField(max_length=200, primary_key=True, serialize=False, verbose_name='PDF')),
            ],
            options={
                'verbose_name': 'PDF to be deleted',
                'verbose_name_plural': 'PDFs to be deleted',
            },
        ),
        migrations.CreateModel(
            name='HistoricalCheck',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('type', models.CharField(choices=[('kitchen', 'kitchen'), ('client', 'client')], max_length=10, verbose_name='type')),
                ('order_id', models.BigIntegerField(verbose_name='order number')),
                ('status', models.CharField(choices=[('new', 'new'), ('rendered', 'rendered'), ('printed', 'printed'), ('failed', 'failed')], default='new', max_length=10, verbose_name='status')),
                ('pdf_file', models.TextField(blank=True, max_length=200, verbose_name='PDF')),
                ('version', models.PositiveIntegerField(default=1, verbose_name='version')),
                ('status_changed_at', models.DateTimeField(verbose_name='status since')),
                ('lease_expires_at', models.DateTimeField(blank=True, null=True, verbose_name='lease until')),
                ('history_id', models.BigAutoField(editable=False, primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField()),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('printer', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='printers.printer', verbose_name='printer')),
            ],
            options={
                'verbose_name': 'historical check',
                'verbose_name_plural': 'historical checks',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Check',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('type', models.CharField(choices=[('kitchen', 'kitchen'), ('client', 'client')], max_length=10, verbose_name='type')),
                ('order', models.JSONField(verbose_name='order')),
                ('order_salt', models.BinaryField(max_length=16, verbose_name="salt of the order's digest")),
                ('order_id', models.BigIntegerField(verbose_name='order number')),
                ('status', models.CharField(choices=[('new', 'new'), ('rendered', 'rendered'), ('printed', 'printed'), ('failed', 'failed')], default='new', max_length=10, verbose_name='status')),
                ('pdf_file', models.FileField(blank=True, max_length=200, upload_to='', verbose_name='PDF')),
                ('version', models.PositiveIntegerField(default=1, verbose_name='version')),
                ('status_changed_at', models.DateTimeField(verbose_name='status since')),
                ('lease_expires_at', models.DateTimeField(blank=True, null=True, verbose_name='lease until')),
                ('printer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='printers.printer', verbose_name='printer')),
            ],
            options={
                'verbose_name': 'check',
                'verbose_name_plural': 'checks',
                'permissions': [('view_personal_data', 'Can see names, phones and addresses of clients'), ('export_check', 'Can export checks')],
                'indexes': [models.Index(fields=['printer', 'id'], name='checks_check_printer'), models.Index(condition=models.Q(('status', 'failed')), fields=['printer', 'status_changed_at'], name='checks_check_printer_failed'), models.Index(condition=models.Q(('lease_expires_at__isnull', True), ('status', 'rendered')), fields=['printer', 'id'], name='checks_check_poll'), models.Index(condition=models.Q(('lease_expires_at__isnull', False)), fields=['lease_expires_at'], name='checks_check_lease'), models.Index(condition=models.Q(('status', 'printed'), _negated=True), fields=['status', 'status_changed_at'], name='checks_check_open')],
                'constraints': [models.UniqueConstraint(fields=('order_id', 'printer'), name='checks_check_order_printer'), models.CheckConstraint(condition=models.Q(('status__in', ['new', 'rendered', 'printed', 'failed'])), name='checks_check_status'), models.CheckConstraint(condition=models.Q(('type__in', ['kitchen', 'client'])), name='checks_check_type'), models.CheckConstraint(condition=models.Q(('order_id__gte', 1)), name='checks_check_order_id_from_1'), models.CheckConstraint(condition=models.Q(('version__gte', 1)), name='checks_check_version_from_1')],
            },
        ),
    ]
