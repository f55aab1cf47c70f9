"""The groups of staff, over all applications. An existing group keeps its permissions and gets what is missing."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

LOOK = ['view_check', 'view_event', 'view_printer']
ACT = ['change_check', 'view_personal_data']
GROUPS = {
    'support': [*LOOK, *ACT, 'view_subscription', 'view_delivery', 'send_webhooks'],
    'analyst': [*LOOK, 'export_check'],
    'manager': [
        *LOOK, *ACT, 'export_check', 'add_printer', 'change_printer', 'delete_printer',
        'view_subscription', 'view_delivery', 'send_webhooks', 'add_subscription', 'change_subscription',
        'view_jobs',
    ],
}
APPS = ['checks', 'events', 'foundation', 'printers', 'webhooks']


def make_permissions(apps, database):
    """Create the permissions now: Django does so only after the last migration."""
    for label in APPS:
        config = apps.get_app_config(label)
        config.models_module = getattr(config, 'models_module', None) or True  # the stub of a migration has none
        create_permissions(config, apps=apps, using=database, verbosity=0)


def make_groups(apps, schema_editor):
    database = schema_editor.connection.alias
    make_permissions(apps, database)
    Group = apps.get_model('auth', 'Group')
    Permission = apps.get_model('auth', 'Permission')
    known = Permission.objects.using(database).filter(content_type__app_label__in=APPS)
    for name, codenames in GROUPS.items():
        group, _ = Group.objects.using(database).get_or_create(name=name)
        group.permissions.add(*known.filter(codename__in=codenames))


def remove_groups(apps, schema_editor):
    apps.get_model('auth', 'Group').objects.using(schema_editor.connection.alias).filter(name__in=GROUPS).delete()


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ('checks', '0001_initial'),
        ('events', '0001_initial'),
        ('foundation', '0001_initial'),
        ('printers', '0001_initial'),
        ('webhooks', '0001_initial'),
        ('auth', '0012_alter_user_first_name_max_length'),
        ('contenttypes', '0002_remove_content_type_name'),
    ]

    operations = [migrations.RunPython(make_groups, remove_groups)]
