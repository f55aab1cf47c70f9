"""The home page of the admin …"""

import json
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from checks.admin.home import dashboard, statistics
from checks.models import Check
from checks.services import waiting_work
from foundation import cached
from foundation.http.security import ADMIN_POLICY
from printers.models import Printer, PrinterPresence
from tests.support.helpers import redis_away
from tests.support.lives import (
    HOUR,
    MINUTE,
    SECOND,
    fail_render,
    jam_at,
    leave_unconfirmed,
    order_at,
    print_at,
    render_at,
)

HOME = "/admin/"
WEEK = 7 * 24 * HOUR
Home = Callable[..., Any]


@pytest.fixture
def home(staff_client: Client, redis: Any) -> Home:
    """Give the page as it is now; what an earlier page left in Redis is forgotten."""

    def home(*, keep: bool = False, **query: str) -> Any:
        if not keep:
            redis.flushdb()
        return staff_client.get(HOME, query, headers={"accept-language": "en"})

    return home


@pytest.fixture
def viewer(client: Client, redis: Any, django_user_model: Any) -> Callable[..., Client]:
    """Make the client's user one with these permissions and no others."""

    def viewer(*codenames: str) -> Client:
        user = django_user_model.objects.create_user("olga", is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        client.force_login(user)
        return client

    return viewer


def cards(page: Any) -> dict[str, Any]:
    return {card.title: card for card in page.context["cards"]}


def charts(page: Any) -> dict[str, Any]:
    return {chart.name: chart for part in ("hours", "durations") for chart in page.context[part].charts}


def seed() -> None:
    """One check of each kind that needs a person, and one that went well."""
    now = timezone.now()
    kitchen, client = order_at(now - HOUR, 1)
    render_at(now - HOUR, kitchen)
    leave_unconfirmed(now - HOUR, kitchen)
    fail_render(now - HOUR, client)
    kitchen, client = order_at(now - 2 * MINUTE, 2)  # the kitchen's waits
    render_at(now - 2 * MINUTE + 3 * SECOND, client)
    print_at(now - 2 * MINUTE + 9 * SECOND, client)


def test_it_says_first_what_needs_a_person(home: Home, printers: dict[str, Printer]) -> None:
    PrinterPresence.objects.create(printer=printers["key1"], last_seen_at=timezone.now() - HOUR)
    seed()

    page = home()

    found = {title: (card.number, card.is_calm) for title, card in cards(page).items()}
    assert found == {
        "Unconfirmed checks": ("1", False),
        "Failed renders": ("1", False),
        "Checks waiting longer than a minute": ("1", False),
        "Printers that stopped polling": ("1", False),
    }
    never = Printer.objects.count() - 1
    assert [link.words for link in cards(page)["Printers that stopped polling"].beside] == [
        f"{never} never seen"
    ]
    text = page.content.decode()
    assert text.index("What needs a person now") < text.index("Orders per hour")


def test_it_leads_to_the_list_of_each_number(
    home: Home, staff_client: Client, printers: dict[str, Printer]
) -> None:
    PrinterPresence.objects.create(printer=printers["key1"], last_seen_at=timezone.now() - HOUR)
    seed()

    for card in cards(home()).values():
        for address in [card.address, *(link.address for link in card.beside)]:
            rows = staff_client.get(address).context["cl"].result_list
            if address == card.address:
                assert len(rows) == int(card.number), address
            assert rows


def test_it_is_calm_where_nothing_is_to_do(home: Home, db: None) -> None:
    page = home()

    assert [(card.number, card.is_calm) for card in cards(page).values()] == [("0", True)] * 4
    text = page.content.decode()
    assert text.count("nothing to do") == 4
    assert text.count("Nothing happened in this time.") == 6  # instead of each chart
    assert "<canvas" not in text


def test_it_does_not_count_on_beyond_a_limit(
    home: Home, printers: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dashboard, "MAX_COUNT", 1000)
    Check.objects.bulk_create(
        Check(
            printer=printers["key1"],
            type="kitchen",
            order={},
            order_salt=b"",
            order_id=number + 1,
            status="new",
            status_changed_at=timezone.now() - HOUR,
        )
        for number in range(1001)
    )

    assert cards(home())["Checks waiting longer than a minute"].number == "1,000+"


def test_it_does_not_call_calm_what_it_has_not_looked_at(
    home: Home, printers: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting_work, "FAILURES_READ", 1)
    seed()

    unconfirmed = cards(home())["Unconfirmed checks"]
    failed_renders = cards(home())["Failed renders"]
    assert {unconfirmed.words[:10], failed_renders.words[:10]} & {"None among"}
    assert "1+" in {unconfirmed.number, failed_renders.number}


def test_it_has_charts_of_the_events(home: Home, printers: Any) -> None:
    order_at(timezone.now() - WEEK, 3)
    seed()

    shown = charts(home())

    orders, checks = shown["orders"], shown["checks"]
    # Around midnight some of them are yesterday's.
    assert sum(orders.series[0].values[at] or 0 for at in range(24)) in {0, 1, 2}
    assert sum(orders.series[1].values) >= 1
    assert [each.label for each in checks.series] == ["today", "the same day last week"]
    assert shown["to_pdf"].series[0].values[-2:].count(3.0) == 1
    assert shown["to_paper"].series[0].values[-2:].count(9.0) == 1
    assert {row.title: row.cells for row in shown["failures"].table} == {
        "delivery to the printer: not confirmed": ["1"],
        "rendering: the order cannot be read": ["1"],
    }
    assert shown["points"].is_empty  # one print says nothing


def test_it_counts_today_by_the_clock_of_the_service(home: Home, printers: Any, settings: Any) -> None:
    settings.TIME_ZONE = "Asia/Kolkata"
    now = timezone.now()
    order_at(now - WEEK, 1)
    order_at(now, 2)
    hour = timezone.localtime(now).hour

    page = home()

    orders = charts(page)["orders"]
    current = timezone.localtime(page.context["hours"].as_of).hour  # may have just begun

    assert [at for at, number in enumerate(orders.series[0].values) if number] == [hour]
    assert [at for at, number in enumerate(orders.series[1].values) if number] == [hour]
    assert orders.series[0].values[current + 1 :] == [None] * (23 - current)  # what is still to come is not 0
    assert [row.title for row in orders.table if "*" in row.title] == [f"{current:02}:00 *"]


@pytest.mark.parametrize(("name", "buckets"), [("6h", 24), ("24h", 24), ("7d", 28)])
def test_it_shows_the_range_that_was_asked_for(home: Home, printers: Any, name: str, buckets: int) -> None:
    now = timezone.now()
    for order_id, ago in enumerate((3 * 24 * HOUR, 12 * HOUR, HOUR), start=1):
        for check in order_at(now - ago, order_id):
            fail_render(now - ago, check)

    page = home(range=name)

    assert len(charts(page)["to_pdf"].table) == buckets
    failed = {"6h": "2", "24h": "4", "7d": "6"}[name]
    assert [row.cells for row in charts(page)["failures"].table] == [[failed]]
    assert f'href="?range={name}#durations" aria-current="page"' in page.content.decode()


def test_it_shows_a_day_for_a_range_that_is_none(home: Home, printers: Any) -> None:
    for wrong in ("1y", "6H", "\x00", "'"):
        page = home(range=wrong)
        assert page.status_code == 200
        assert page.context["range"].name == "24h"


def test_it_says_in_a_table_what_a_chart_draws(home: Home, printers: Any) -> None:
    seed()

    text = home().content.decode()

    drawings = [json.loads(unescape(each)) for each in re.findall(r'data-chart="([^"]+)"', text)]
    assert len(drawings) == text.count("<canvas") == text.count("<details>") == 5
    for drawing in drawings:
        assert drawing["along"]
        assert drawing["up"]
        assert {each["look"] for each in drawing["series"]} <= {"first", "second"}
        for each in drawing["series"]:
            assert len(each["values"]) == len(drawing["labels"])
            assert re.search(rf'<th scope="col" class="ff-number">\s*{each["label"]}', text)
    assert text.count('role="img" aria-label="Chart: ') == 5


def test_it_escapes_what_a_printer_gives_as_its_reason(home: Home, printers: Any) -> None:
    for check in order_at(timezone.now(), 1):
        render_at(timezone.now(), check)
        jam_at(timezone.now(), check, "\"'><script>alert(1)</script>")

    text = home().content.decode()

    assert "<script>alert" not in text
    assert "alert(1)" in text


def test_it_needs_no_script_that_its_policy_forbids(home: Home, printers: Any) -> None:
    seed()

    page = home()

    assert page.headers["Content-Security-Policy"] == ADMIN_POLICY
    text = page.content.decode()
    assert "/static/checks/home.js" in text
    ours = text[text.index('class="ff ff-home"') :]
    assert not re.search(r"\son\w+=", ours[: ours.index("app-checks")])
    assert not re.findall(r"<script(?![^>]*src=)", text)


def test_it_leads_from_a_slow_point_to_its_checks(home: Home, staff_client: Client, printers: Any) -> None:
    now = timezone.now()
    for number in range(1, 6):
        for check in order_at(now - MINUTE, number):
            render_at(now - MINUTE, check)
            print_at(now, check)

    (row,) = charts(home())["points"].table

    assert (row.title, row.cells) == ("point 1", ["60.0", "60.0"])
    assert len(staff_client.get(row.address).context["cl"].result_list) == 10


def test_it_says_when_it_shows_a_sample(home: Home, printers: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("checks.admin.home.chart_groups.MAX_CHECKS_PER_DAY", 2)
    for number in range(1, 4):
        order_at(timezone.now(), number)

    text = home().content.decode()

    assert "From a sample of 1 in 3 checks" in text
    assert text.count("sample of") == 1  # the other charts have read all


def test_it_takes_a_fixed_number_of_queries(home: Home, printers: Any) -> None:
    def statements(**query: Any) -> list[str]:
        with CaptureQueriesContext(connection) as captured:
            home(**query)
        return [each["sql"] for each in captured]

    seed()
    home()  # fills the cache of content types
    # session, user; failed, waiting; printers; the log of the admin; and three readings,
    # each with its savepoint, the deadline before, ours, the bisection, the reading, the old one, the release
    assert len(statements()) == 6 + 3 * 7
    assert len(statements(keep=True)) == 6
    for number in range(10, 20):
        order_at(timezone.now() - HOUR, number)
    assert len(statements()) == 6 + 3 * 7


def test_it_computes_its_charts_once_a_minute_and_its_numbers_always(
    home: Home, redis: Any, printers: Any
) -> None:
    home()
    seed()

    page = home(keep=True)

    assert all(chart.is_empty for chart in charts(page).values())
    assert cards(page)["Unconfirmed checks"].number == "1"
    assert {redis.ttl(name) > 50 for name in redis.keys("forfar:1:home:*")} == {True}


def test_it_works_and_says_so_while_redis_is_away(
    home: Home, printers: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cached, "client", redis_away)
    seed()

    page = home()

    assert not charts(page)["failures"].is_empty
    assert page.content.decode().count("Redis does not answer") == 2


def test_it_works_and_says_so_when_the_statistics_do_not_come(
    home: Home, printers: Any, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    seed()
    with monkeypatch.context() as patch:
        patch.setattr(statistics, "BISECT", "SELECT 1 / 0")
        page = home()

    assert page.status_code == 200
    assert cards(page)["Unconfirmed checks"].number == "1"
    assert page.content.decode().count("The database did not answer in time") == 2
    assert "DataError" in caplog.text
    # The database is spared for a minute.
    assert "did not answer in time" in home(keep=True).content.decode()
    assert "did not answer in time" not in home().content.decode()


@pytest.mark.parametrize(
    ("codenames", "titles", "has_charts"),
    [
        ([], 0, False),
        (["view_event"], 0, False),
        (["view_printer"], 1, False),
        (["view_printer", "view_event"], 1, False),
        (["view_check"], 3, False),
        (["view_check", "view_event"], 3, True),
        (["view_check", "view_printer", "view_event"], 4, True),
    ],
    ids=str,
)
def test_it_shows_what_somebody_may_see(
    viewer: Any, printers: Any, codenames: list[str], titles: int, has_charts: bool
) -> None:
    seed()

    page = viewer(*codenames).get(HOME)

    text = page.content.decode()
    assert page.status_code == 200
    assert text.count("ff-count") == titles
    assert ("data-chart" in text) == has_charts


def test_it_names_nobody(home: Home, printers: Any) -> None:
    seed()

    text = home().content.decode()

    assert not [each for each in ("Иван", "9173332222", "Ленина") if each in text]


def test_it_speaks_russian(home: Home, staff_client: Client, printers: Any) -> None:
    seed()

    text = staff_client.get(HOME, headers={"accept-language": "ru"}).content.decode()

    assert "Что сейчас требует внимания" in text
    assert "Заказы по часам" in text


@pytest.mark.parametrize("seen", ["recently", "stopped", "gone", "never", "x"])
def test_it_has_a_list_of_printers_for_each_way_to_be_silent(
    staff_client: Client, printers: dict[str, Printer], seen: str
) -> None:
    moments = {"key1": SECOND, "key2": HOUR, "key3": 8 * 24 * HOUR}
    for key, ago in moments.items():
        PrinterPresence.objects.create(printer=printers[key], last_seen_at=timezone.now() - ago)

    rows = staff_client.get("/admin/printers/printer/", {"seen": seen}).context["cl"].result_list

    keys = {printer.api_key for printer in rows}
    others = set(printers) - set(moments)
    expected = {"recently": {"key1"}, "stopped": {"key2"}, "gone": {"key3"}, "never": others}
    assert keys == expected.get(seen, set(printers))
