"""Subscriptions, their secrets, and deliveries."""

import django.db.models.deletion
import readers.webhooks.models
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('order_systems', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalSubscription',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('address', models.CharField(help_text='https://…', max_length=500, validators=[readers.webhooks.models.require_address], verbose_name='address')),
                ('is_active', models.BooleanField(default=True, help_text='Without this, nothing is sent or kept for the subscription.', verbose_name='active')),
                ('created_at', models.DateTimeField(editable=False, verbose_name='created at')),
                ('paused_at', models.DateTimeField(editable=False, null=True, verbose_name='on pause since')),
                ('pause_reason', models.CharField(blank=True, choices=[('failing', 'every attempt failed for a day'), ('no_secret', 'its secret can no longer be derived: make a new one'), ('by_hand', 'by staff')], editable=False, max_length=20, verbose_name='why on pause')),
                ('history_id', models.BigAutoField(editable=False, primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField()),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('order_system', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='order_systems.ordersystem', verbose_name='order system')),
            ],
            options={
                'verbose_name': 'historical subscription',
                'verbose_name_plural': 'historical subscriptions',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Subscription',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.CharField(help_text='https://…', max_length=500, validators=[readers.webhooks.models.require_address], verbose_name='address')),
                ('is_active', models.BooleanField(default=True, help_text='Without this, nothing is sent or kept for the subscription.', verbose_name='active')),
                ('created_at', models.DateTimeField(editable=False, verbose_name='created at')),
                ('starts_after_tx_id', models.BigIntegerField(default=0, editable=False)),
                ('starts_after_id', models.BigIntegerField(default=0, editable=False)),
                ('claimed_until', models.DateTimeField(editable=False, null=True)),
                ('claimed_at', models.DateTimeField(editable=False, null=True)),
                ('paused_at', models.DateTimeField(editable=False, null=True, verbose_name='on pause since')),
                ('pause_reason', models.CharField(blank=True, choices=[('failing', 'every attempt failed for a day'), ('no_secret', 'its secret can no longer be derived: make a new one'), ('by_hand', 'by staff')], editable=False, max_length=20, verbose_name='why on pause')),
                ('rests_until', models.DateTimeField(editable=False, null=True, verbose_name='no attempts before')),
                ('failures_in_a_row', models.PositiveIntegerField(default=0, editable=False, verbose_name='failures in a row')),
                ('failing_since', models.DateTimeField(editable=False, null=True, verbose_name='failing since')),
                ('last_success_at', models.DateTimeField(editable=False, null=True, verbose_name='last success')),
                ('last_failure_at', models.DateTimeField(editable=False, null=True, verbose_name='last failure')),
                ('last_error', models.CharField(blank=True, editable=False, max_length=40, verbose_name='last error')),
                ('delivered_count', models.BigIntegerField(default=0, editable=False, verbose_name='delivered')),
                ('failed_count', models.BigIntegerField(default=0, editable=False, verbose_name='failed attempts')),
                ('order_system', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='order_systems.ordersystem', verbose_name='order system')),
            ],
            options={
                'verbose_name': 'subscription',
                'verbose_name_plural': 'subscriptions',
                'permissions': [('send_webhooks', 'Can send deliveries again, and test webhooks')],
            },
        ),
        migrations.CreateModel(
            name='Secret',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('salt', models.BinaryField(max_length=16)),
                ('digest', models.BinaryField(max_length=32)),
                ('created_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField(null=True)),
                ('subscription', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='secrets', to='webhooks.subscription')),
            ],
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('event_uid', models.UUIDField(verbose_name='event id')),
                ('type', models.CharField(max_length=40, verbose_name='type')),
                ('check_id', models.BigIntegerField(null=True, verbose_name='check')),
                ('order_id', models.BigIntegerField(null=True, verbose_name='order number')),
                ('version', models.PositiveIntegerField(default=0, verbose_name='version')),
                ('body', models.TextField(verbose_name='body')),
                ('waiting_since', models.DateTimeField(verbose_name='waiting since')),
                ('state', models.CharField(choices=[('pending', 'pending'), ('delivered', 'delivered'), ('given_up', 'given up')], default='pending', max_length=10, verbose_name='state')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('next_attempt_at', models.DateTimeField(null=True, verbose_name='next attempt')),
                ('last_attempt_at', models.DateTimeField(null=True, verbose_name='last attempt')),
                ('last_status', models.PositiveSmallIntegerField(null=True, verbose_name='last answer')),
                ('last_error', models.CharField(blank=True, max_length=40, verbose_name='last error')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='ended at')),
                ('subscription', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='webhooks.subscription', verbose_name='subscription')),
            ],
            options={
                'verbose_name': 'webhook delivery',
                'verbose_name_plural': 'webhook deliveries',
            },
        ),
        migrations.AddConstraint(
            model_name='subscription',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('pause_reason', ''), ('paused_at__isnull', True)), models.Q(('pause_reason__in', ['failing', 'no_secret', 'by_hand']), ('paused_at__isnull', False)), _connector='OR'), name='webhooks_subscription_pause'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('state', 'pending')), fields=['subscription', 'next_attempt_at'], name='webhooks_delivery_due'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('state', 'pending')), fields=['subscription', 'check_id', 'version'], name='webhooks_delivery_in_order'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('state', 'pending')), fields=['waiting_since'], name='webhooks_delivery_oldest'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('ended_at__isnull', False)), fields=['ended_at'], name='webhooks_delivery_ended'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(fields=['state', 'id'], name='webhooks_delivery_state_id'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(fields=['subscription', 'id'], name='webhooks_delivery_of'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(fields=['order_id'], name='webhooks_delivery_order'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.UniqueConstraint(fields=('subscription', 'event_uid'), name='webhooks_delivery_event'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('next_attempt_at__isnull', False), ('state', 'pending')), models.Q(('ended_at__isnull', False), ('next_attempt_at__isnull', True), ('state__in', ['delivered', 'given_up'])), _connector='OR'), name='webhooks_delivery_state'),
        ),
    ]
