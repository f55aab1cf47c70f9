"""Rows that change every half minute get room to change in place."""

from django.db import migrations

ROOM = "ALTER TABLE printers_printerpresence SET (fillfactor = 50);"
NO_ROOM = "ALTER TABLE printers_printerpresence RESET (fillfactor);"


class Migration(migrations.Migration):
    dependencies = [("printers", "0001_initial")]

    operations = [migrations.RunSQL(ROOM, NO_ROOM)]
