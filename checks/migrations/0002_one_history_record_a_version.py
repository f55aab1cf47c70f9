"""A check has one history record for every version; the model that simple-history makes cannot say so."""

from django.db import migrations

UNIQUE = "CREATE UNIQUE INDEX checks_historicalcheck_version ON checks_historicalcheck (id, version);"
NOT_UNIQUE = "DROP INDEX checks_historicalcheck_version;"


class Migration(migrations.Migration):
    dependencies = [("checks", "0001_initial")]

    operations = [migrations.RunSQL(UNIQUE, NOT_UNIQUE)]
