"""What the groups of staff may do with notices. Whatever else they may, they keep."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

GROUPS = {
    'support': ['view_subscription', 'view_delivery', 'send_notices'],
    'manager': [
        'view_subscription', 'view_delivery', 'send_notices', 'add_subscription', 'change_subscription',
    ],
}


def permissions_of(apps, database):
    """Do now what Django does after the last migration: on a new database there are none to give yet."""
    config = apps.get_app_config('notices')
    config.models_module = getattr(config, 'models_module', None) or True  # the stub of a migration has none
    create_permissions(config, apps=apps, using=database, verbosity=0)
    return apps.get_model('auth', 'Permission').objects.using(database).filter(content_type__app_label='notices')


def grant(apps, schema_editor):
    database = schema_editor.connection.alias
    known = permissions_of(apps, database)
    for group in apps.get_model('auth', 'Group').objects.using(database).filter(name__in=GROUPS):
        group.permissions.add(*known.filter(codename__in=GROUPS[group.name]))


def revoke(apps, schema_editor):
    database = schema_editor.connection.alias
    known = permissions_of(apps, database)
    for group in apps.get_model('auth', 'Group').objects.using(database).filter(name__in=GROUPS):
        group.permissions.remove(*known)


class Migration(migrations.Migration):

    dependencies = [
        ('notices', '0001_notices'),
        ('checks', '0006_groups_of_staff'),
    ]

    operations = [
        migrations.RunPython(grant, revoke),
    ]
