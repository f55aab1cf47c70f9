"""A second connection to the test database that takes its server for another version.

Whatever it makes is in a schema of its own, within one transaction, and gone with it.
"""

from contextlib import contextmanager

import pytest
from django.db import connections, transaction

ALIAS = "pretended"


@contextmanager
def pretended(pg_version):
    connection = connections["default"].copy(alias=ALIAS)
    connection.pg_version = pg_version
    connections[ALIAS] = connection
    try:
        with transaction.atomic(using=ALIAS):
            with connection.cursor() as cursor:
                cursor.execute("CREATE SCHEMA scratch")
                # The migrations name this one, so the one that is there makes room.
                cursor.execute("ALTER SCHEMA analytics RENAME TO analytics_of_the_tests")
                cursor.execute("SET LOCAL search_path TO scratch")
            yield connection
            transaction.set_rollback(True, using=ALIAS)
    finally:
        connection.close()
        del connections[ALIAS]


@pytest.fixture
def before_10(db):
    """Give a connection that speaks to the server as it would to 9.6.24."""
    with pretended(90624) as connection:
        yield connection


@pytest.fixture
def from_10(db):
    """Give a connection that speaks to the server as it would to 10.20; older ones have no identities."""
    if connections["default"].pg_version < 100000:
        pytest.skip("this server is older than 10")
    with pretended(100020) as connection:
        yield connection
