"""The same figures again while the history grows."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dev.bench import database
from dev.bench.client import orders_of, polls_of
from dev.bench.errors import BenchmarkError
from dev.bench.fill import add_printers, fill
from dev.bench.load import answers_a_second
from dev.bench.plan import Plan
from dev.bench.verification import measure_verification
from dev.server.service import Service

PAGE_REPEATS = 20
POLL_ROUNDS = 3
TIMELINE_CHECK = 101  # printed, and the same at every size


class Measure(NamedTuple):
    name: str
    title: str
    unit: str


MEASURES = (
    Measure("poll", "GET /new_checks/", "a second"),
    Measure("create", "POST /create_checks/", "a second"),
    Measure("timeline_ms", "timeline page", "ms"),
    Measure("timeline_queries", "timeline page", "queries"),
    Measure("list_ms", "list in the admin", "ms"),
    Measure("verify", "verify_events", "events a second"),
    Measure("verify_mb", "verify_events", "MB at its peak"),
)


@dataclass
class Size:
    """How many checks there were, and what was measured by name."""

    checks: int
    figures: dict[str, float] = field(default_factory=dict)


def measure_growth(service: Service, plan: Plan, step: Callable[[str], None]) -> list[Size]:
    """Fill the database to one size after another; the web server runs, the workers do not."""
    database.clear()
    places = add_printers()
    admin = Client(headers={"host": "127.0.0.1"})
    admin.force_login(get_user_model().objects.create_superuser("benchmark"))
    sizes = []
    for checks in plan.sizes:
        step(f"filling to {checks:,} checks")
        missing = checks - database.count_checks()
        if missing > 0:
            fill(missing, places)
        step(f"measuring at {checks:,} checks")
        sizes.append(_measure(service, plan, admin, checks))
    return sizes


def _measure(service: Service, plan: Plan, admin: Client, checks: int) -> Size:
    size = Size(checks)
    polled = max(
        answers_a_second(service.address, polls_of, seconds=plan.growth_seconds)[0]
        for _ in range(POLL_ROUNDS)
    )
    timeline_ms, queries = _page(admin, f"/admin/checks/check/{TIMELINE_CHECK}/change/")
    list_ms, _ = _page(admin, "/admin/checks/check/")
    size.figures = {
        "poll": polled,
        "timeline_ms": timeline_ms,
        "timeline_queries": queries,
        "list_ms": list_ms,
    }
    before = database.count_checks()
    posts = lambda client: orders_of(client, 10**9 * (1 + before))  # noqa: E731
    created, orders = answers_a_second(service.address, posts, seconds=plan.growth_seconds)
    database.require_posted(orders, before)
    database.clear_queue()
    verified = measure_verification(service)  # last: it says that all of this was right
    return Size(checks, size.figures | {"create": created} | verified)


def _page(admin: Client, address: str) -> tuple[float, int]:
    """The time of a page in ms, the best of several, and its queries."""
    _must(admin, address)
    with CaptureQueriesContext(connection) as queries:
        _must(admin, address)
        count = len(queries)  # the next request forgets them
    spent = []
    for _ in range(PAGE_REPEATS):
        started = time.perf_counter()
        _must(admin, address)
        spent.append((time.perf_counter() - started) * 1000)
    return min(spent), count


def _must(admin: Client, address: str) -> None:
    status = admin.get(address).status_code
    if status != 200:
        raise BenchmarkError(f"{address} answered {status}.")


def by_size(sizes: Sequence[Size], name: str) -> float:
    """The last size's figure by the first's."""
    return sizes[-1].figures[name] / sizes[0].figures[name]
