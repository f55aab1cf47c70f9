"""What holds the horizon …"""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from events.feed.horizon import HorizonLag, horizon_lag
from tests.support.writers import Writer

NOBODY = HorizonLag(0.0)


@pytest.mark.django_db(transaction=True)
def test_it_is_nobody_while_nobody_writes(another_writer: Writer) -> None:
    another_writer.execute("SELECT count(*) FROM events_event")  # reading holds nothing

    assert horizon_lag() == NOBODY


@pytest.mark.django_db(transaction=True)
def test_it_is_the_writer_that_began_first(new_writer: Callable[[], Writer]) -> None:
    first, second = new_writer(), new_writer()
    first.begin()
    second.begin()

    lag = horizon_lag()
    assert (lag.pid, lag.prepared, lag.database) == (first.pid, None, connection.settings_dict["NAME"])
    assert 0 < lag.seconds < horizon_lag().seconds

    first.commit()
    assert horizon_lag().pid == second.pid
    second.commit()
    assert horizon_lag() == NOBODY


@pytest.mark.django_db(transaction=True)
def test_it_may_be_in_another_database(new_writer: Callable[..., Writer]) -> None:
    elsewhere = new_writer(dbname="postgres")
    elsewhere.begin()

    assert horizon_lag()[1:] == (elsewhere.pid, None, "postgres")


def test_its_pid_is_known_to_a_role_that_sees_no_other_sessions(
    db: None,
    another_writer: Writer,
    request: pytest.FixtureRequest,
) -> None:
    """How long the transaction runs is hidden from it; it counts from the first event that has to wait."""
    another_writer.begin()
    as_application = request.getfixturevalue("as_app")  # only now: it takes a transaction id
    request.getfixturevalue("created")
    with as_application(), connection.cursor() as cursor:
        cursor.execute("SELECT xact_start FROM pg_stat_activity WHERE pid = %s", [another_writer.pid])
        assert cursor.fetchone() == (None,)

        lag = horizon_lag()

    assert lag.pid == another_writer.pid
    assert 0 < lag.seconds < 60


def test_a_role_that_sees_no_other_sessions_counts_from_nothing_without_events(
    db: None, another_writer: Writer, request: pytest.FixtureRequest
) -> None:
    another_writer.begin()
    with request.getfixturevalue("as_app")():
        assert horizon_lag()[:2] == (0.0, another_writer.pid)


@pytest.mark.django_db(transaction=True)
def test_the_health_check_names_it(client: Client, redis: Any, another_writer: Writer, settings: Any) -> None:
    another_writer.begin()

    held = client.get("/readyz").json()
    assert held["horizon"]["pid"] == another_writer.pid
    assert "horizon" not in held["missing"]

    settings.HORIZON_LIMIT_SECONDS = 1e-6
    stalled = client.get("/readyz")
    assert stalled.status_code == 503
    assert "horizon" in stalled.json()["missing"]

    settings.HORIZON_LIMIT_SECONDS = 0
    assert "horizon" not in client.get("/readyz").json()["missing"]
