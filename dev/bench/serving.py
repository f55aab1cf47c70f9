"""Polls and orders a second, by the kind of web server."""

from dev.bench import database
from dev.bench.budgets import shown
from dev.bench.client import orders_of, polls_of
from dev.bench.load import answers_a_second
from dev.bench.plan import Plan
from dev.bench.rows import ROUNDS, WARMING_SECONDS
from dev.bench.table import table
from dev.server.service import Service

_GUNICORN = "exec python -m gunicorn forfar.wsgi --bind {host}:{port} --no-control-socket --access-logfile - "
_GRANIAN = (
    "exec python -m granian forfar.wsgi:application --interface wsgi --http 1 --no-ws --host {host} "
    "--port {port} --access-log "
)
SERVERS = {
    "gunicorn, 4 processes (sync)": _GUNICORN + "--workers 4",
    "gunicorn, 2 processes of 2 threads": _GUNICORN + "--workers 2 --threads 2",
    "gunicorn, 2 processes of 4 threads": _GUNICORN + "--workers 2 --threads 4",
    "granian, 2 processes of 1 thread": _GRANIAN + "--workers 2 --blocking-threads 1",
    "granian, 3 processes of 1 thread": _GRANIAN + "--workers 3 --blocking-threads 1",
    "granian, 4 processes of 1 thread": _GRANIAN + "--workers 4 --blocking-threads 1",
    "granian, 2 processes of 2 threads": _GRANIAN + "--workers 2 --blocking-threads 2",
    "granian, 2 processes of 4 threads": _GRANIAN + "--workers 2 --blocking-threads 4",
}


def compare_servers(service: Service, plan: Plan) -> str:
    """The best of several rounds of each, in turns: others on the machine only ever slow one down."""
    best = dict.fromkeys(SERVERS, (0.0, 0.0))
    for _round in range(ROUNDS):
        for name, command in SERVERS.items():
            polled, posted = _measure(service, plan, command)
            best[name] = max(polled, best[name][0]), max(posted, best[name][1])
    rows = [[name, f"{shown(polled)} /s", f"{shown(posted)} /s"] for name, (polled, posted) in best.items()]
    return table(["web server", "GET /new_checks/", "POST /create_checks/"], rows)


def _measure(service: Service, plan: Plan, command: str) -> tuple[float, float]:
    database.clear()
    host, port = service.address
    service.start_web(command.format(host=host, port=port))
    answers_a_second(service.address, polls_of, seconds=WARMING_SECONDS)
    polled, _ = answers_a_second(service.address, polls_of, seconds=plan.growth_seconds)
    posted, orders = answers_a_second(
        service.address, lambda client: orders_of(client, 10**9), seconds=plan.growth_seconds
    )
    database.require_posted(orders, before=0)
    service.stop("web")
    return polled, posted
