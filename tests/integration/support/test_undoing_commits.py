"""After a test that commits, the database …"""

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import DatabaseError, connection

from checks.models import Check
from events.models import Event
from tests.support.database import TABLES, rows_of, tables, undo_commits

pytestmark = pytest.mark.django_db(transaction=True)


def contents() -> dict[str, set[str]]:
    return {table: set(rows_of(table).splitlines()) for table in tables(TABLES)}


def test_it_is_as_it_was_before(created: list[Check]) -> None:
    undo_commits(None)
    before = contents()
    Group.objects.all().delete()
    Permission.objects.update(name="x")
    Group.objects.create(name="of a test")

    undo_commits(None)

    assert contents() == before


def test_it_has_the_rows_of_the_migrations_and_no_others(created: list[Check]) -> None:
    undo_commits(None)

    assert Group.objects.exists()
    assert not Check.objects.exists()
    assert not Event.objects.exists()


def test_it_guards_its_log_again(created: list[Check]) -> None:
    undo_commits(None)

    with pytest.raises(DatabaseError, match="append"), connection.cursor() as cursor:
        cursor.execute("TRUNCATE events_event CASCADE")
