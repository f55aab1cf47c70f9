"""`GET /events/` …"""

import csv
import io
import json
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from checks.models import Check
from events.api.tokens import NewReaderToken, revoke_token
from events.feed import pieces as reading
from events.models import Event
from foundation.context import Actor
from order_systems.services import NewToken
from tests.conftest import NOW
from tests.support.helpers import wait_until_settled
from tests.support.log_readers import EVENTS, Ask
from tests.support.writers import INSERT

pytestmark = pytest.mark.django_db(transaction=True)


def text_of(response: Any) -> str:
    assert response.status_code == 200, response.content
    return b"".join(response.streaming_content).decode()


def page_of(response: Any) -> Any:
    assert response.headers["Content-Type"] == "application/json"
    return json.loads(text_of(response))


def refused(response: Any, status: int = 400) -> Any:
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/json"
    return response.json()


def test_it_gives_events_and_where_to_go_on(ask: Ask, settled: list[Event]) -> None:
    first = page_of(ask(limit=3))
    rest = page_of(ask(limit=3, after=first["next"]))
    nothing = page_of(ask(after=rest["next"]))

    assert [event["id"] for event in first["events"] + rest["events"]] == [event.pk for event in settled]
    assert first["next"] == first["events"][-1]["cursor"]
    assert (first["more"], rest["more"], nothing["more"]) == (True, False, False)
    assert nothing["events"] == []
    event = settled[0]
    assert first["events"][0] == {
        "cursor": f"{event.tx_id}-{event.pk}",
        "id": event.pk,
        "check_id": event.stream_id,
        "version": 1,
        "type": "created",
        "schema_version": 1,
        "data": event.data,
        "actor": "order_system",
        "correlation_id": str(event.correlation_id),
        "occurred_at": "2026-01-15T12:00:00+00:00",
        "recorded_at": event.recorded_at.isoformat(),
        "event_uid": str(event.event_uid),
        "hash": bytes(event.hash).hex(),
        "prev_hash": "00" * 32,
    }


@pytest.mark.parametrize("how", [{"format": "ndjson"}, {"accept": "application/x-ndjson"}])
def test_it_gives_a_line_an_event_and_says_at_the_end_that_it_is_whole(
    ask: Ask, settled: list[Event], how: Any
) -> None:
    response = ask(limit=4, **how)
    *events, end = [json.loads(line) for line in text_of(response).splitlines()]

    assert response.headers["Content-Type"] == "application/x-ndjson"
    assert [event["id"] for event in events] == [event.pk for event in settled]
    assert end == {"next": events[-1]["cursor"], "more": True}
    assert page_of(ask(after=end["next"]))["events"] == []


@pytest.mark.parametrize("how", [{"format": "csv"}, {"accept": "text/csv"}])
def test_it_gives_a_table(ask: Ask, settled: list[Event], how: Any) -> None:
    rows = list(csv.DictReader(io.StringIO(text_of(ask(**how)))))

    assert [int(row["id"]) for row in rows] == [event.pk for event in settled]
    assert json.loads(rows[-1]["data"]) == settled[-1].data
    assert rows[0]["occurred_at"] == "2026-01-15T12:00:00+00:00"
    nothing = ask(after=rows[-1]["cursor"], **how)
    assert text_of(nothing).splitlines() == [",".join(rows[0])]
    assert page_of(ask(after=nothing.headers["X-Feed-Next"]))["events"] == []


def test_it_is_json_for_whoever_likes_something_else(ask: Ask, settled: list[Event]) -> None:
    assert len(page_of(ask(accept="text/html"))["events"]) == 4


@pytest.mark.parametrize(
    ("query", "types"),
    [
        ({"type": "rendered"}, ["rendered", "rendered"]),
        ({"actor": "order_system"}, ["created", "created"]),
        ({"order": 123456}, ["created", "created", "rendered", "rendered"]),
        ({"order": 1}, []),
        ({"since": "2026-01-15T12:00:01Z"}, []),
        ({"until": "2026-01-15T12:00:01Z"}, ["created", "created", "rendered", "rendered"]),
    ],
    ids=str,
)
def test_it_filters_as_the_admin_does(ask: Ask, settled: list[Event], query: Any, types: list[str]) -> None:
    page = page_of(ask(**query))

    assert [event["type"] for event in page["events"]] == types
    assert page_of(ask(after=page["next"]))["events"] == []


def test_it_knows_nothing_of_clients(ask: Ask, settled: list[Event], order: Any) -> None:
    answers = [text_of(ask(format=name)) for name in ("json", "ndjson", "csv")]

    for personal in (order["address"], order["client"]["name"], str(order["client"]["phone"])):
        assert not any(personal in answer for answer in answers)


@pytest.mark.parametrize(
    ("query", "code", "fields"),
    [
        ({"after": "12"}, "bad_cursor", ()),
        ({"after": "١-1"}, "bad_cursor", ()),
        ({"after": f"{2**63}-1"}, "bad_cursor", ()),
        ({"limit": "0"}, "invalid", ("limit",)),
        ({"limit": "10001"}, "invalid", ("limit",)),
        ({"limit": "x", "format": "xml"}, "invalid", ("limit", "format")),
        ({"type": "nothing"}, "invalid", ("type",)),
        ({"since": "yesterday", "check": "x"}, "invalid", ("since", "check")),
        ({"typ": "created"}, "invalid", ("typ",)),
        ({"until": "", "order": "1.5", "check": "0"}, "invalid", ("until", "order", "check")),
        ({"actor": "x" * 121}, "invalid", ("actor",)),
        ({"since": "2026-01-01T00:00+16:00", "pattern": "quiet_after_rendered"}, "invalid", ("since",)),
        ({"until": "3191-02-21T13:19:09-23:32"}, "invalid", ("until",)),
        ({"type": "\0", "actor": "\0", "request": "\0"}, "invalid", ("type", "actor", "request")),
        ({"after": "\0"}, "bad_cursor", ()),
        ({"type": ["created", "failed"]}, "invalid", ("type",)),
    ],
    ids=str,
)
def test_it_says_what_it_does_not_understand(ask: Ask, query: Any, code: str, fields: Any) -> None:
    body = refused(ask(accept="text/csv", **query))

    assert body["code"] == code
    assert body["error"]
    assert set(body.get("details", {})) == set(fields)


def test_it_is_for_programs_with_a_token_of_its_own(
    api: Client, reader: NewReaderToken, token: NewToken
) -> None:
    def status(secret: str) -> int:
        return int(api.get(EVENTS, headers={"Authorization": f"Bearer {secret}"}).status_code)

    assert status(reader.secret) == 200
    assert status(token.secret) == 401
    assert refused(api.get(EVENTS), 401) == {"error": "Ошибка авторизации"}
    assert revoke_token(token_id=reader.token.pk, actor=Actor.command(), now=NOW)
    assert status(reader.secret) == 401


def test_it_opens_nothing_else(api: Client, reader: NewReaderToken, settings: Any) -> None:
    settings.ORDER_API_OPEN = False
    headers = {"Authorization": f"Bearer {reader.secret}"}

    assert api.get("/order_checks/", {"order_id": 1}, headers=headers).status_code == 401


def test_it_is_for_staff_who_may_see_events(client: Client, django_user_model: Any) -> None:
    user = django_user_model.objects.create_user("olga", is_staff=True)
    client.force_login(user)
    assert refused(client.get(EVENTS), 403)["code"] == "permission_denied"

    user.user_permissions.add(Permission.objects.get(codename="view_event"))

    assert page_of(client.get(EVENTS))["events"] == []
    user.is_staff = False
    user.save()
    assert client.get(EVENTS).status_code == 403


def test_it_looks_through_a_bounded_stretch_with_each_statement(
    ask: Ask, created: list[Check], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A filter that keeps next to nothing costs no more: an empty page that goes on further back."""
    monkeypatch.setattr(reading, "EVENTS_PER_STATEMENT", 50)
    monkeypatch.setattr(reading, "MAX_SECONDS", 0.0)
    fill(created[0], 500)

    pages, after = [], "0-0"
    while True:
        pages.append(page_of(ask(actor="staff:500", after=after)))
        after = pages[-1]["next"]
        if not pages[-1]["more"]:
            break

    found = [event for page in pages for event in page["events"]]
    assert [event["actor"] for event in found] == ["staff:500"]
    assert len(pages) == 11
    assert all(page["more"] for page in pages[:-1])


def test_it_reads_few_rows_at_once(ask: Ask, created: list[Check], monkeypatch: pytest.MonkeyPatch) -> None:
    """And as many statements for each: nothing gathers, and no transaction waits for a slow reader."""
    monkeypatch.setattr(reading, "ROWS_PER_PIECE", 10)
    fill(created[0], 60)
    with CaptureQueriesContext(connection) as few:
        text_of(ask(limit=20))
    with CaptureQueriesContext(connection) as many:
        events = json.loads(text_of(ask(limit=60)))["events"]

    assert len(events) == 60
    reads = [
        [q for q in found if "events_event" in q["sql"] and "ORDER BY" in q["sql"]] for found in (few, many)
    ]
    assert [len(each) for each in reads] == [2 * 2, 6 * 2]
    assert all(" LIMIT 10" in q["sql"] or " LIMIT 1 OFFSET" in q["sql"] for q in reads[1])


def fill(check: Check, count: int) -> None:
    """Add events without a meaning, each of a member of staff of its own."""
    columns = INSERT.split("VALUES")[0]
    values = "%s, 1 + n, 'retried', 1, '{}', 'staff:' || n, md5('c' || n)::uuid, now(), md5('e' || n)::uuid"
    with connection.cursor() as cursor:
        cursor.execute(
            f"{columns} SELECT {values}, %s, %s FROM generate_series(1, %s) n",  # noqa: S608
            [check.pk, b"\0" * 32, b"\0" * 32, count],
        )
    wait_until_settled()
