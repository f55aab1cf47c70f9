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
                'indexes': [models.Index(fields=['point_id'], name='checks_printer_point')],
                'constraints': [models.CheckConstraint(condition=models.Q(('check_type__in', ['kitchen', 'client'])), name='checks_printer_check_type'), models.CheckConstraint(condition=models.Q(('delivery__in', ['download', 'confirm', 'resend'])), name='checks_printer_delivery')],
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
                ('printer', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='checks.printer', verbose_name='printer')),
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
                ('printer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='checks.printer', verbose_name='printer')),
            ],
            options={
                'verbose_name': 'check',
                'verbose_name_plural': 'checks',
                'indexes': [models.Index(condition=models.Q(('lease_expires_at__isnull', True), ('status', 'rendered')), fields=['printer', 'id'], name='checks_check_poll'), models.Index(condition=models.Q(('lease_expires_at__isnull', False)), fields=['lease_expires_at'], name='checks_check_lease'), models.Index(condition=models.Q(('status', 'printed'), _negated=True), fields=['status', 'status_changed_at'], name='checks_check_open')],
                'constraints': [models.UniqueConstraint(fields=('order_id', 'printer'), name='checks_check_order_printer'), models.CheckConstraint(condition=models.Q(('status__in', ['new', 'rendered', 'printed', 'failed'])), name='checks_check_status'), models.CheckConstraint(condition=models.Q(('type__in', ['kitchen', 'client'])), name='checks_check_type'), models.CheckConstraint(condition=models.Q(('order_id__gte', 1)), name='checks_check_order_id_from_1'), models.CheckConstraint(condition=models.Q(('version__gte', 1)), name='checks_check_version_from_1')],
            },
        ),
    ]
