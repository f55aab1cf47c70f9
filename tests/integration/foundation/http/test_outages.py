"""While the database is out of reach, or was for a moment, …"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import Error, InternalError, OperationalError, close_old_connections, connection, transaction
from django.test import Client

from checks.models import Check
from checks.services import create, create_checks
from events.models import Event
from foundation.context import Actor
from foundation.db.outages import is_outage
from printers.models import Printer
from tests.conftest import NOW
from tests.support.calls import JSON, refusal_of
from tests.support.helpers import another_connection, within

pytestmark = pytest.mark.django_db(transaction=True)

PRINTERS_CALL = "/new_checks/?api_key=key1"


class ServedClient(Client):
    """Does with connections what the service does around each request, and Django's own client leaves out."""

    def request(self, **request: Any) -> Any:
        close_old_connections()
        response = super().request(**request)
        close_old_connections()
        return response


@pytest.fixture
def api() -> Iterator[Client]:
    connection.close()  # one that is older than CONN_MAX_AGE would be replaced before it is missed
    yield ServedClient(raise_request_exception=False)
    connection.close()  # whatever was set or broken in it


@pytest.fixture
def other() -> Iterator[Any]:
    """A second session, by which the first one is troubled."""
    session = another_connection()
    yield session
    session.close()


@pytest.fixture
def end_our_session(other: Any) -> Any:
    """End the server's side of this process's connection, as a restart of the server does."""

    def end() -> None:
        connection.ensure_connection()
        pid = connection.connection.get_backend_pid()
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
        within(10, lambda: is_gone(other, pid))

    return end


def is_gone(other: Any, pid: int) -> bool:
    with other.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", [pid])
        gone = cursor.fetchone() is None
    other.rollback()  # within one transaction each look would see what the first one saw
    return gone


def send(api: Client, order: Any, path: str) -> Any:
    return api.post(path, order, JSON) if path == "/create_checks/" else api.get(path)


@pytest.mark.parametrize("path", [PRINTERS_CALL, "/create_checks/", "/order_checks/?order_id=1"])
def test_a_session_that_the_server_ended_costs_one_503(
    api: Client, printers: Any, order: Any, redis: Any, end_our_session: Any, path: str
) -> None:
    create_checks(order={**order, "id": 1}, actor=Actor.order_system(), now=NOW)
    end_our_session()

    first, second = send(api, order, path), send(api, order, path)

    assert refusal_of(first, 503)["code"] == "unavailable"
    assert first.headers["Retry-After"] == "5"
    assert second.status_code == 200
    assert (
        Check.objects.filter(order_id=order["id"]).count()
        == Event.objects.filter(stream__order_id=order["id"]).count()
    )


def test_a_session_that_ends_within_a_transaction_costs_one_503(
    api: Client, printers: Any, order: Any, redis: Any, end_our_session: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(create, "lock_order", lambda _order_id: end_our_session())
    first = api.post("/create_checks/", order, JSON)
    monkeypatch.undo()
    second = api.post("/create_checks/", order, JSON)

    assert refusal_of(first, 503)["code"] == "unavailable"
    assert second.status_code == 200
    assert Check.objects.filter(order_id=order["id"]).count() == 2


def test_a_lock_that_is_held_for_too_long_is_503(
    api: Client, printers: Any, order: Any, redis: Any, other: Any
) -> None:
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [order["id"]])
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '20ms'")

    first = api.post("/create_checks/", order, JSON)
    other.rollback()
    second = api.post("/create_checks/", order, JSON)

    assert refusal_of(first, 503)["code"] == "unavailable"
    assert first.headers["Retry-After"] == "5"
    assert second.status_code == 200


def test_a_transaction_that_lay_idle_for_too_long_is_503(
    api: Client, printers: Any, order: Any, redis: Any, other: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server ends the session; what psycopg makes of it is an InternalError."""

    def lie_idle(_order_id: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET idle_in_transaction_session_timeout = '10ms'")
            pid = connection.connection.get_backend_pid()
        within(10, lambda: is_gone(other, pid))

    monkeypatch.setattr(create, "lock_order", lie_idle)

    assert refusal_of(api.post("/create_checks/", order, JSON), 503)["code"] == "unavailable"


def test_a_person_gets_a_page_that_asks_to_come_back(
    api: Client, admin_user: Any, end_our_session: Any
) -> None:
    api.force_login(admin_user)
    end_our_session()

    first, second = api.get("/admin/checks/check/"), api.get("/admin/checks/check/")

    assert (first.status_code, second.status_code) == (503, 200)
    assert first.headers["Retry-After"] == "5"
    assert first.headers["Content-Type"].startswith("text/html")
    assert "Нет связи с базой данных" in first.content.decode()


def test_the_health_check_says_so_once(api: Client, db: None, redis: Any, end_our_session: Any) -> None:
    end_our_session()

    assert "database" in api.get("/readyz").json()["missing"]
    assert "database" not in api.get("/readyz").json()["missing"]
    assert api.get("/healthz").status_code == 200


@pytest.mark.parametrize(
    ("setting", "statement", "code"),
    [
        ("SET LOCAL statement_timeout = '1ms'", "SELECT pg_sleep(5)", "57014"),
        ("SET TRANSACTION READ ONLY", "CREATE TABLE t ()", "25006"),
    ],
)
def test_its_error_is_one_that_passes(setting: str, statement: str, code: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(setting)
        with pytest.raises((OperationalError, InternalError)) as error:
            cursor.execute(statement)
        transaction.set_rollback(True)

    assert error.value.__cause__.pgcode == code
    assert is_outage(error.value)


@pytest.mark.parametrize("sql", ["SELECT nonsense", "SELECT 1/0", "INSERT INTO checks_check DEFAULT VALUES"])
def test_a_mistake_of_ours_is_none(sql: str) -> None:
    with pytest.raises(Error) as error, connection.cursor() as cursor:
        cursor.execute(sql)

    assert not is_outage(error.value)
    assert not is_outage(None)
    assert not is_outage(KeyError())


def test_its_server_may_have_no_connection_left(api: Client, printers: dict[str, Printer]) -> None:
    """Also what a server says that starts or stops: the connection is refused with an OperationalError."""
    connection.close()
    try:
        connection.settings_dict["HOST"], host = "/nowhere", connection.settings_dict["HOST"]
        assert refusal_of(api.get(PRINTERS_CALL), 503)["code"] == "unavailable"
    finally:
        connection.settings_dict["HOST"] = host
    assert api.get(PRINTERS_CALL).status_code == 200
