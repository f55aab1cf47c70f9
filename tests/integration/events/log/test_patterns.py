"""A course of events …"""

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from checks.models import Check
from events.log import patterns
from events.log.filters import EventFilterSet
from events.log.patterns import PATTERNS, matching, statement
from events.models import Event
from tests.conftest import NOW
from tests.support.helpers import record_render
from tests.support.staff_pages import staff_client

__all__ = ["staff_client"]

LISTS = ["/admin/checks/check/", "/admin/events/event/"]
NAMES = [name for name, _label in PATTERNS]
LATER = NOW + timedelta(hours=1)


@pytest.mark.parametrize("address", LISTS)
def test_it_is_offered_in_words(staff_client: Client, created: list[Check], address: str) -> None:
    page = staff_client.get(address, headers={"Accept-Language": "en"}).content.decode()

    for name, label in PATTERNS:
        assert f'<option value="{name}">{label}</option>' in page
    assert "the newest 500." in page


@pytest.mark.parametrize("address", LISTS)
@pytest.mark.parametrize("name", NAMES)
def test_it_costs_one_query_more(
    staff_client: Client, created: list[Check], address: str, name: str, django_assert_num_queries: Any
) -> None:
    record_render(now=NOW)
    staff_client.get(address)  # fills the cache of content types

    # session, user; own views, the checks that went this way; where there are none, no list is asked for
    with django_assert_num_queries(4):
        staff_client.get(address, {"f-pattern": name})
    is_found = name == "quiet_after_rendered"
    with django_assert_num_queries(4 + is_found):
        staff_client.get(address, {"f-pattern": name, "f-since": "2026-01-01"})


@pytest.mark.parametrize("name", NAMES)
def test_it_is_looked_for_in_the_newest_events_of_a_type(created: list[Check], name: str) -> None:
    """At 100,000 events of 25,000 checks; the answer is not sought in the whole table."""
    fill(25_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE events_event")
        query, parameters = statement(name, since=NOW - timedelta(days=1), now=LATER)
        cursor.execute(f"EXPLAIN {query}", {**parameters, "looked_through": 20})
        plan = "\n".join(row[0] for row in cursor.fetchall())

    assert "events_event_type" in plan, plan
    assert "Seq Scan on events_event" not in plan


def test_it_looks_through_so_many_and_no_more(created: list[Check], monkeypatch: pytest.MonkeyPatch) -> None:
    record_render("kitchen", now=NOW)
    record_render("client", now=NOW)

    def found() -> list[int]:
        return matching("quiet_after_rendered", since=NOW, now=LATER)

    kitchen, client_check = created
    assert found() == [client_check.pk, kitchen.pk]
    monkeypatch.setattr(patterns, "LOOKED_THROUGH", 1)
    assert found() == [client_check.pk]
    monkeypatch.setattr(patterns, "LOOKED_THROUGH", 100)
    monkeypatch.setattr(patterns, "MAX_FOUND", 1)
    assert found() == [client_check.pk]


def test_it_keeps_all_events_of_the_checks_that_went_this_way(created: list[Check]) -> None:
    record_render("kitchen", now=NOW)

    asked = {"pattern": "quiet_after_rendered", "since": "2026-01-01"}
    events = EventFilterSet(asked, queryset=Event.objects.order_by("version")).qs

    assert [event.type for event in events] == ["created", "rendered"]
    assert {event.stream_id for event in events} == {created[0].pk}


def fill(checks: int) -> None:
    """Add checks with four events each, of which those of one check in fifty are looked for."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO checks_check (printer_id, type, "order", order_salt, order_id, status, pdf_file,
                                      version, status_changed_at)
            SELECT 1, 'kitchen', '{}', '', n, 'printed', '', 4, %(at)s FROM generate_series(1, %(checks)s) n
            """,
            {"at": NOW, "checks": checks},
        )
        cursor.execute(
            """
            INSERT INTO events_event (check_id, version, type, schema_version, data, actor, correlation_id,
                                      occurred_at, event_uid, hash, prev_hash)
            SELECT c.id, v,
                   CASE WHEN c.order_id %% 50 = 0 THEN (ARRAY['created', 'rendered', 'failed', 'printed'])[v]
                        ELSE (ARRAY['created', 'downloaded', 'downloaded', 'printed'])[v] END,
                   1, '{}', 'command',
                   md5(c.id::text)::uuid, %(at)s, md5(c.id || '-' || v)::uuid,
                   decode(repeat('00', 32), 'hex'), decode(repeat('00', 32), 'hex')
            FROM checks_check c, generate_series(1, 4) v WHERE c.order_id <= %(checks)s
            """,
            {"at": datetime.now(timezone.utc), "checks": checks},
        )
