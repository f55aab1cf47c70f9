"""Polls and orders a second, by the kind of web server."""

import importlib.util
from collections.abc import Mapping

from benchmarks import database
from benchmarks.budgets import shown
from benchmarks.client import orders_of, polls_of
from benchmarks.load import answers_a_second
from benchmarks.plan import Plan
from benchmarks.service import Service
from benchmarks.table import table

_THREADED = {"GUNICORN_CMD_ARGS": "--worker-class gthread"}
# The Procfile's command with other settings.
GUNICORN: dict[str, Mapping[str, str]] = {
    "gunicorn sync": {"WEB_THREADS": "1"},
    "gunicorn gthread, 1 thread": {"WEB_THREADS": "1", **_THREADED},
    "gunicorn gthread, 2 threads": {"WEB_THREADS": "2", **_THREADED},
    "gunicorn gthread, 4 threads": {"WEB_THREADS": "4", **_THREADED},
}
GRANIAN = (
    "exec python -m granian --interface wsgi --host {host} --port {port} --workers 2 "
    "--blocking-threads {threads} --http 1 --no-ws forfar.wsgi:application"
)


def compare_servers(service: Service, plan: Plan) -> str:
    rows = [_measure(service, plan, name, "", variables) for name, variables in GUNICORN.items()]
    if importlib.util.find_spec("granian"):
        host, port = service.address
        for threads in (1, 2, 4):
            command = GRANIAN.format(host=host, port=port, threads=threads)
            rows.append(_measure(service, plan, f"granian, {threads} threads", command, {}))
    return table(["web server, 2 processes", "GET /new_checks/", "POST /create_checks/"], rows)


def _measure(
    service: Service, plan: Plan, name: str, command: str, variables: Mapping[str, str]
) -> list[str]:
    database.clear()
    service.start_web(command, variables)
    try:
        polled, _ = answers_a_second(service.address, polls_of, seconds=plan.growth_seconds)
        posts, orders = answers_a_second(
            service.address, lambda client: orders_of(client, 10**9), seconds=plan.growth_seconds
        )
        database.require_posted(orders, before=0)
    finally:
        service.stop("web")
    return [name, f"{shown(polled)} /s", f"{shown(posts)} /s"]
