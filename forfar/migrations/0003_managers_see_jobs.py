"""Managers may look at the queues. A group of this name that was made anew meanwhile is left as it is."""

from django.contrib.auth.management import create_permissions
from django.db import migrations


def jobs_permission(apps, database):
    """Return the permission, made now where Django makes it only after the last migration."""
    config = apps.get_app_config('forfar')
    config.models_module = getattr(config, 'models_module', None) or True  # the stub of a migration has none
    create_permissions(config, apps=apps, using=database, verbosity=0)
    Permission = apps.get_model('auth', 'Permission')
    return Permission.objects.using(database).get(content_type__app_label='forfar', codename='view_jobs')


def give(apps, schema_editor):
    database = schema_editor.connection.alias
    for group in apps.get_model('auth', 'Group').objects.using(database).filter(name='manager'):
        group.permissions.add(jobs_permission(apps, database))


def take(apps, schema_editor):
    database = schema_editor.connection.alias
    for group in apps.get_model('auth', 'Group').objects.using(database).filter(name='manager'):
        group.permissions.remove(jobs_permission(apps, database))


class Migration(migrations.Migration):

    dependencies = [
        ('forfar', '0002_permission_to_see_jobs'),
        ('checks', '0006_groups_of_staff'),
        ('auth', '0012_alter_user_first_name_max_length'),
        ('contenttypes', '0002_remove_content_type_name'),
    ]

    operations = [
        migrations.RunPython(give, take),
    ]
