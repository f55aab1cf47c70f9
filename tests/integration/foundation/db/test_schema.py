"""The schema editor …"""

import pytest
from django.core.management.color import no_style
from django.db import models

from tests.integration.foundation.db.conftest import ALIAS
from tests.integration.foundation.db.helpers import (
    alter,
    assert_known_to_9_6,
    captured,
    column,
    create,
    insert,
    sequences,
    ticket_with,
)

AUTO, PLAIN = models.BigAutoField(primary_key=True), models.BigIntegerField(primary_key=True)


@pytest.mark.parametrize(
    ("field", "serial"),
    [
        (models.AutoField, "serial"),
        (models.BigAutoField, "bigserial"),
        (models.SmallAutoField, "smallserial"),
    ],
)
def test_it_creates_a_serial_column(before_10, field, serial):
    with captured(before_10) as statements:
        create(before_10, ticket_with(field(primary_key=True)))
    assert f'"number" {serial} not null primary key' in "\n".join(statements)
    assert_known_to_9_6(statements)
    assert [insert(before_10), insert(before_10)] == [1, 2]


def test_it_adds_a_serial_column(before_10):
    old, new = ticket_with(models.IntegerField(null=True)), ticket_with(AUTO.clone())
    with before_10.cursor() as cursor:
        cursor.execute("CREATE TABLE ticket (name varchar(20) NOT NULL DEFAULT '')")
        cursor.execute("INSERT INTO ticket VALUES ('old'), ('older')")
    with captured(before_10) as statements, before_10.schema_editor() as editor:
        editor.add_field(old, new._meta.get_field("number"))
    assert_known_to_9_6(statements)
    assert insert(before_10) == 3


@pytest.mark.parametrize(("numbers", "following"), [([], 1), ([0], 1), ([-5], 1), ([3, 41], 42)])
def test_it_counts_on_from_the_greatest_number_when_a_column_becomes_auto(before_10, numbers, following):
    plain, auto = ticket_with(PLAIN.clone()), ticket_with(AUTO.clone())
    create(before_10, plain)
    plain.objects.using(ALIAS).bulk_create(plain(number=number) for number in numbers)
    with captured(before_10) as statements:
        alter(before_10, plain, auto)
    assert_known_to_9_6(statements)
    assert column(before_10)[0] == "BigAutoField"
    assert sequences(before_10) == {"number": "ticket_number_seq"}
    assert insert(before_10) == following


def test_it_widens_a_plain_column_that_becomes_auto(before_10):
    small, auto = ticket_with(models.SmallIntegerField(primary_key=True)), ticket_with(AUTO.clone())
    create(before_10, small)
    alter(before_10, small, auto)
    assert column(before_10)[0] == "BigAutoField"


def test_it_drops_default_and_sequence_when_a_column_stops_being_auto(before_10):
    auto, plain = ticket_with(AUTO.clone()), ticket_with(PLAIN.clone())
    create(before_10, auto)
    with captured(before_10) as statements:
        alter(before_10, auto, plain)
    assert_known_to_9_6(statements)
    assert column(before_10) == ("BigIntegerField", None)
    assert sequences(before_10) == {}


def test_it_makes_a_column_auto_again(before_10):
    auto, plain = ticket_with(AUTO.clone()), ticket_with(PLAIN.clone())
    create(before_10, auto)
    assert insert(before_10) == 1
    alter(before_10, auto, plain)
    alter(before_10, plain, auto)
    assert insert(before_10) == 2


def test_it_keeps_the_sequence_when_an_auto_field_grows(before_10):
    narrow, wide = ticket_with(models.AutoField(primary_key=True)), ticket_with(AUTO.clone())
    create(before_10, narrow)
    assert insert(before_10) == 1
    with captured(before_10) as statements:
        alter(before_10, narrow, wide)
    assert_known_to_9_6(statements)
    assert column(before_10)[0] == "BigAutoField"
    assert insert(before_10) == 2


def test_it_still_makes_the_index_for_patterns_of_a_collated_column(before_10):
    ticket = ticket_with(models.CharField(max_length=9, unique=True, db_collation="C"))
    with captured(before_10) as statements:
        create(before_10, ticket)
    assert any("varchar_pattern_ops" in sql for sql in statements)
    assert_known_to_9_6(statements)


def test_it_leaves_bulk_inserts_with_ids_of_their_own_working(before_10):
    ticket = ticket_with(AUTO.clone())
    create(before_10, ticket)
    with captured(before_10) as statements:
        ticket.objects.using(ALIAS).bulk_create([ticket(number=7, name="a"), ticket(number=8, name="b")])
    assert "unnest(" in statements[-1]
    assert "::bigint[]" in statements[-1]
    assert list(ticket.objects.using(ALIAS).order_by("number").values_list("number", flat=True)) == [7, 8]


def test_it_leaves_sequences_that_can_be_reset(before_10):
    ticket = ticket_with(AUTO.clone())
    create(before_10, ticket)
    ticket.objects.using(ALIAS).create(number=30)
    with before_10.cursor() as cursor:
        for sql in before_10.ops.sequence_reset_sql(no_style(), [ticket]):
            cursor.execute(sql)
        assert insert(before_10) == 31
        for sql in before_10.ops.sql_flush(no_style(), ["ticket"], reset_sequences=True):
            cursor.execute(sql)
    assert insert(before_10) == 1


def test_it_makes_identities_from_10_on(from_10):
    auto, plain = ticket_with(AUTO.clone()), ticket_with(PLAIN.clone())
    with captured(from_10) as statements:
        create(from_10, auto)
        alter(from_10, auto, plain)
        alter(from_10, plain, auto)
    identity = [sql for sql in statements if "identity" in sql]
    assert ["drop identity if exists" in sql for sql in identity] == [False, True, False]
    assert not any("serial" in sql for sql in statements)
    assert column(from_10) == ("BigAutoField", None)
