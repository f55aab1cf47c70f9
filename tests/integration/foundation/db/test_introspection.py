"""Introspection …"""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import models

from tests.integration.foundation.db.conftest import ALIAS
from tests.integration.foundation.db.helpers import assert_known_to_9_6, captured, column, create, ticket_with


@pytest.mark.parametrize("field", [models.AutoField, models.BigAutoField, models.SmallAutoField])
def test_it_knows_a_serial_column_by_its_default(before_10, field):
    create(before_10, ticket_with(field(primary_key=True)))
    with captured(before_10) as statements:
        kind, default = column(before_10)
    assert kind == field.__name__
    assert default == "nextval('ticket_number_seq'::regclass)"
    assert_known_to_9_6(statements)


def test_it_takes_no_plain_number_for_an_auto_field(before_10):
    create(before_10, ticket_with(models.IntegerField()))
    assert column(before_10) == ("IntegerField", None)


def test_it_lists_tables_and_views(before_10):
    create(before_10, ticket_with(models.BigAutoField(primary_key=True)))
    with captured(before_10) as statements, before_10.cursor() as cursor:
        cursor.execute("CREATE VIEW numbers AS SELECT number FROM ticket")
        listed = before_10.introspection.get_table_list(cursor)
    assert sorted((table.name, table.type) for table in listed) == [("numbers", "v"), ("ticket", "t")]
    assert_known_to_9_6(statements)


def test_it_gives_inspectdb_a_model(before_10):
    create(before_10, ticket_with(models.BigAutoField(primary_key=True)))
    output = StringIO()
    call_command("inspectdb", database=ALIAS, stdout=output)
    assert "number = models.BigAutoField(primary_key=True)" in output.getvalue()


def test_it_tells_partitions_from_10_on(from_10):
    with from_10.cursor() as cursor:
        cursor.execute("CREATE TABLE ticket (number bigint) PARTITION BY LIST (number)")
        cursor.execute("CREATE TABLE ticket_1 PARTITION OF ticket FOR VALUES IN (1)")
        listed = from_10.introspection.get_table_list(cursor)
    assert sorted((table.name, table.type) for table in listed) == [("ticket", "t"), ("ticket_1", "p")]
