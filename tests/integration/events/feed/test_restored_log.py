"""A log that was restored into another cluster …"""

import io
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dj_database_url
import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from checks import services
from checks.models import Check
from dev.server.places import postgres_programs
from dev.server.postgres import environment
from dev.server.stack import embedded
from events.feed.horizon import LogNotAdoptedError, adopt, horizon_lag, require_adopted_once
from events.feed.reading import BEGINNING, feed, position_of
from events.models import Event
from foundation.context import Actor
from tests.conftest import NOW
from tests.support.calls import refusal_of
from tests.support.helpers import in_threads, own_parameters, wait_until_settled, waiters, within
from tests.support.writers import Writer

pytestmark = pytest.mark.django_db(transaction=True)

COUNT_ON = """
    DO $$
    BEGIN
        CREATE TEMP TABLE counted (n integer) ON COMMIT DROP;
        FOR n IN 1..5000 LOOP
            BEGIN  -- each block with a handler is a subtransaction, which takes an id of its own
                INSERT INTO counted VALUES (n);
            EXCEPTION WHEN division_by_zero THEN NULL;
            END;
        END LOOP;
    END
    $$
"""


@contextmanager
def connected_to(parameters: dict[str, Any]) -> Iterator[None]:
    """Have Django work in another database until the end of the block."""
    connection.close()
    before = {name: connection.settings_dict[name] for name in parameters}
    connection.settings_dict.update(parameters)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)


def address(parameters: dict[str, Any]) -> str:
    names = {"dbname": "dbname", "user": "user", "host": "host", "port": "port", "password": "password"}
    return " ".join(f"{name}='{parameters[name]}'" for name in names if parameters.get(name))


def run(program: str, *arguments: str) -> None:
    command = [str(postgres_programs() / program), *arguments]
    subprocess.run(command, env=environment(), check=True, capture_output=True)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[dict[str, Any]]:
    """A second PostgreSQL, fresh from initdb, which has not counted far and takes prepared transactions."""
    data = tmp_path / "other"
    given = {**os.environ, "DATABASE_URL": ""}
    with embedded(data, durable=False, given=given):
        pass
    with (data / "postgres" / "postgresql.conf").open("a") as configuration:
        configuration.write("max_prepared_transactions = 2\n")
    with embedded(data, durable=False, given=given) as variables:
        parsed = dj_database_url.parse(variables["DATABASE_URL"])
        parsed["OPTIONS"] = {**connection.settings_dict["OPTIONS"], **parsed.get("OPTIONS", {})}
        names = ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")
        with connected_to({name: parsed[name] for name in names}):
            connection.ensure_connection()
            yield own_parameters()


@pytest.fixture
def restored(
    created: list[Check], tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[dict[str, Any]]:
    """What the test's database holds, dumped and restored; Django is connected to the copy.

    The first cluster has counted further than the second one will have.
    """
    with connection.cursor() as cursor:
        cursor.execute(COUNT_ON)
    services.mark_failed(check_id=created[0].pk, reason="", actor=Actor.worker("w"), now=NOW)
    dump = tmp_path / "dump.sql"
    run(
        "pg_dump", "--no-owner", "--no-privileges", "--file", str(dump), "--dbname", address(own_parameters())
    )
    cluster = request.getfixturevalue("cluster")
    run("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", str(dump), "-d", address(cluster))
    require_adopted_once.reset()
    yield cluster
    require_adopted_once.reset()


@pytest.fixture
def create(order: Any, redis: Any) -> Callable[[int], list[Check]]:
    def create_checks(order_id: int) -> list[Check]:
        return services.create_checks(order={**order, "id": order_id}, actor=Actor.order_system(), now=NOW)

    return create_checks


def verified() -> str:
    out = io.StringIO()
    call_command("verify_events", quiet=True, stdout=out)
    return out.getvalue().strip().splitlines()[-1]  # before it, a line on the seals


def adopted() -> str:
    out = io.StringIO()
    call_command("adopt_restored_log", stdout=out)
    return out.getvalue()


def ids(events: list[Event]) -> list[int]:
    return [event.pk for event in events]


def test_it_is_gone_on_with_once_it_is_adopted(restored: Any, create: Callable[[int], list[Check]]) -> None:
    assert verified() == "2 checks, 3 events, 0 differences."
    old = list(Event.objects.order_by("tx_id", "id"))

    assert "The log is adopted" in adopted()

    first, second = create(1), create(2)
    wait_until_settled()
    whole = feed(after=BEGINNING)
    assert ids(whole[:3]) == ids(old)
    assert [event.stream_id for event in whole[3:]] == [check.pk for check in (*first, *second)]
    assert ids(feed(after=position_of(old[-1]))) == ids(whole[3:])
    assert verified() == "6 checks, 7 events, 0 differences."
    assert "Nothing was changed" in adopted()


def test_it_takes_no_writers_and_no_readers_of_the_feed_before(
    restored: Any, api: Client, order: Any, create: Callable[[int], list[Check]]
) -> None:
    with pytest.raises(LogNotAdoptedError):
        create(1)
    with pytest.raises(LogNotAdoptedError):
        feed()
    answer = api.post("/create_checks/", {**order, "id": 1}, "application/json")
    health = api.get("/readyz")

    assert refusal_of(answer, 503)["code"] == "log_not_adopted"
    assert (health.status_code, "log" in health.json()["missing"]) == (503, True)
    assert not Check.objects.filter(order_id=1).exists()
    assert Event.objects.count() == 3


def test_it_waits_for_whoever_writes_and_lets_go_on_after(
    restored: Any, created: list[Check], order: Any
) -> None:
    """A writer that was let in, say of an older version of the service, and one that comes meanwhile."""
    early, late = Writer(), Writer()
    try:
        early.insert(created[1], version=2)

        def work(number: int) -> Any:
            if number == 0:
                return adopt()
            wait_for_lock("ShareRowExclusiveLock")
            if number == 1:
                late.insert(created[1], version=3)
                return late.commit()
            wait_for_lock("RowExclusiveLock")
            return early.commit()

        outcomes = in_threads(3, work)
    finally:
        early.close()
        late.close()

    assert [each for each in outcomes if isinstance(each, Exception)] == []
    tx_ids = list(Event.objects.order_by("id").values_list("tx_id", flat=True))
    assert tx_ids[-1] > max(tx_ids[:-1])


def wait_for_lock(mode: str) -> None:
    """Wait until somebody waits for this lock on the events."""
    within(20, lambda: ("events_event", mode) in [(waiter.relation, waiter.mode) for waiter in waiters()])


def test_it_needs_nothing_where_the_cluster_has_counted_further(created: list[Check]) -> None:
    assert adopt() is None
    assert "Nothing was changed" in adopted()


def test_its_horizon_may_be_held_by_a_prepared_transaction(restored: Any, created: list[Check]) -> None:
    writer = Writer()
    try:
        writer.insert(created[1])
        writer.execute("PREPARE TRANSACTION 'forgotten'")
        writer.commit()
        lag = horizon_lag()
        writer.session.autocommit = True
        writer.execute("ROLLBACK PREPARED 'forgotten'")
    finally:
        writer.close()

    assert (lag.pid, lag.prepared, lag.database) == (None, "forgotten", restored["dbname"])
    assert lag.seconds > 0
