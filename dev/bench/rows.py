"""The rows of the table, each with its limit measured right after it."""

import json
import time
from collections.abc import Callable
from statistics import median

from dev.bench import database, limits
from dev.bench.budgets import Figure
from dev.bench.client import Connection, orders_of, poll_request, polls_of, post_request
from dev.bench.errors import BenchmarkError
from dev.bench.exporting import measure_export
from dev.bench.fill import add_printers, fill
from dev.bench.load import Ready, answers_a_second, side_by_side
from dev.bench.plan import Plan
from dev.bench.service import wait
from dev.server.service import Service

Measurement = Callable[[Service, Plan], Figure]
POLL_HISTORY = 500  # checks
ROUNDS = 3  # ours and the limit in turn, the best of each: others on the machine only ever slow it down
PAUSE_SECONDS = 0.001
POSTING_CLIENTS = 2
LONGEST_SECONDS = 10.0
WARMING_ORDERS = 6
WARMING_SECONDS = 1.0


def poll(service: Service, plan: Plan) -> Figure:
    """Polls a second for a printer of point 1, whose history has 500 checks with the others'."""
    database.clear()
    fill(POLL_HISTORY, add_printers()[:1])
    ours: list[float] = []
    limit: list[float] = []
    with limits.empty_view(service) as empty:
        for each in (service, empty):  # both warm before either is measured
            answers_a_second(each.address, polls_of, seconds=WARMING_SECONDS)
        for _ in range(ROUNDS):
            for each, rates in ((service, ours), (empty, limit)):
                rates.append(answers_a_second(each.address, polls_of, seconds=plan.seconds / ROUNDS)[0])
    return Figure("poll", max(ours), max(limit))


def create(service: Service, plan: Plan) -> Figure:
    """Accepted orders a second while no worker runs."""
    database.clear()
    ours, limit = [], []
    for _ in range(ROUNDS):
        rate, orders = answers_a_second(
            service.address, lambda client: orders_of(client, 10**9), seconds=plan.seconds / ROUNDS
        )
        database.require_posted(orders, before=0)
        database.require_clean(service)
        ours.append(rate)
        limit.append(limits.transactions_a_second(plan.seconds / ROUNDS))
        database.clear()  # what the limit wrote has no hashes
    return Figure("create", max(ours), max(limit))


def latency(service: Service, plan: Plan) -> Figure:
    """From the order to both printers' lists, one order after another, median in ms."""
    database.clear()
    service.start("worker")
    connections = [Connection(service.address) for _ in range(3)]
    try:
        # The workers' renderers and the web server's threads are warm afterwards.
        spent = [_until_listed(connections, 1 + n) for n in range(WARMING_ORDERS + plan.latency_orders)]
        database.require_clean(service)
    finally:
        service.stop("worker")
        for each in connections:
            each.close()
    return Figure("latency", median(spent[WARMING_ORDERS:]), limits.two_renders_ms(plan.latency_orders))


def _until_listed(connections: list[Connection], order_id: int) -> float:
    """Post an order and poll for both printers of its point until each has its check, in ms."""
    poster, *pollers = connections
    request = post_request(order_id)
    started = time.perf_counter()
    created = json.loads(poster.must(request))
    ids = [check["id"] for check in created["checks"]]
    for poller, check_id, key in zip(pollers, ids, ("key1", "key2"), strict=True):
        sought, asked = b'{"id":%d}' % check_id, poll_request(key)
        while sought not in poller.must(asked):
            if time.perf_counter() - started > LONGEST_SECONDS + 30 * (order_id <= WARMING_ORDERS):
                raise BenchmarkError(f"Check {check_id} was not listed in time; is a worker running?")
            time.sleep(PAUSE_SECONDS)
    return (time.perf_counter() - started) * 1000


def sustained(service: Service, plan: Plan) -> Figure:
    """Orders a second from the first one's post until the last one's checks are listed."""
    database.clear()
    service.start("worker")
    try:
        connections = [Connection(service.address) for _ in range(3)]
        for order_id in range(1, 1 + WARMING_ORDERS):
            _until_listed(connections, order_id)
        for each in connections:
            each.close()
        spent = _post_and_wait(service, plan.sustained_orders)
        database.require_clean(service)
    finally:
        service.stop("worker")
    limit = limits.orders_rendered_a_second(plan.sustained_orders // 2)
    return Figure("sustained", plan.sustained_orders / spent, limit)


def _post_and_wait(service: Service, orders: int) -> float:
    """Post the orders from two processes; give the seconds until all of their checks are rendered."""

    def post(client: int, ready: Ready) -> None:
        connection, requests = Connection(service.address), orders_of(client, 10**9)
        ready()
        for _ in range(orders // POSTING_CLIENTS):
            connection.must(next(requests))

    before = database.count_checks()
    started = time.perf_counter()
    side_by_side(POSTING_CLIENTS, post)
    for _ in wait(60 + orders, "Rendering all orders"):
        if database.count_checks("rendered") == before + 2 * orders:
            break
    spent = time.perf_counter() - started
    database.require_posted(orders, before)
    return spent


MEASUREMENTS: dict[str, Measurement] = {
    "poll": poll,
    "create": create,
    "latency": latency,
    "sustained": sustained,
    "export": measure_export,
}
