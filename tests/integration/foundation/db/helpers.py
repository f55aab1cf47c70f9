"""Tables to make and to look at."""

import re
from contextlib import contextmanager

from django.db import models
from django.test.utils import CaptureQueriesContext

from tests.unit.foundation.db.stubs import model

# What came with 10 to 14, as far as Django, or a hand that writes a migration, is likely to use it.
UNKNOWN_TO_9_6 = (
    r"\bidentity\b|attidentity|relispartition|collisdeterministic",
    r"alter sequence .* as |partition (by|of) |referencing (new|old) table",
    r"drop function (if exists )?[\w.\"]+ *($|;|cascade)",
    r"include \(|execute function|create (or replace )?procedure|\bsha(224|256|384|512) ?\(",
    r"generated always|jsonb_path_|deterministic *=",
    r"gen_random_uuid|xid8|pg_current_(xact|snapshot)|create or replace trigger",
)


@contextmanager
def captured(connection):
    """Collect in a list the statements that were sent, in lower case."""
    statements = []
    with CaptureQueriesContext(connection) as queries:
        yield statements
    statements += [query["sql"].lower() for query in queries]


def assert_known_to_9_6(statements):
    assert statements
    assert [sql for sql in statements for unknown in UNKNOWN_TO_9_6 if re.search(unknown, sql)] == []


def ticket_with(number):
    """Make a model whose column `number` is the field given."""
    key = {} if number.primary_key else {"id": models.BigAutoField(primary_key=True)}
    return model(**key, number=number, name=models.CharField(max_length=20, default="", db_default=""))


def create(connection, ticket):
    with connection.schema_editor() as editor:
        editor.create_model(ticket)


def alter(connection, old, new, name="number"):
    with connection.schema_editor() as editor:
        editor.alter_field(old, old._meta.get_field(name), new._meta.get_field(name))


def column(connection, name="number"):
    """Give what introspection says of a column: the type of its field, and its default."""
    with connection.cursor() as cursor:
        described = {c.name: c for c in connection.introspection.get_table_description(cursor, "ticket")}
    found = described[name]
    return connection.introspection.get_field_type(found.type_code, found), found.default


def sequences(connection):
    with connection.cursor() as cursor:
        found = connection.introspection.get_sequences(cursor, "ticket")
    return {sequence["column"]: sequence["name"] for sequence in found}


def insert(connection, name="new"):
    """Insert a row that leaves `number` to the database, and give the number it got."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO ticket (name) VALUES (%s) RETURNING number", [name])
        return cursor.fetchone()[0]
