"""script/server: everything from an empty folder to a service that answers."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack

from dev.server import client, interrupts, processes
from dev.server.environment import PROJECT, RUN, Options, publish, published, service_environment
from dev.server.errors import DevServerError
from dev.server.postgres import checkpoint
from dev.server.stack import Embedded, locked, servers
from dev.server.supervisor import Supervisor, commands, end_run

READY_SECONDS = 120.0
DATABASE_SECONDS = 30.0
NOT_YET = 3
CONNECT = f"""
import sys
from django.db import OperationalError, connection
try:
    connection.ensure_connection()
except OperationalError as error:
    print(error, file=sys.stderr)
    sys.exit({NOT_YET})
"""


def serve(chosen: Options) -> None:
    """Start everything, say where it is, and keep it running. Returns only by an exception."""
    with ExitStack() as stack:
        stack.enter_context(locked(chosen.data))
        _end_leftovers(chosen)
        _refuse_busy_port(chosen)
        processes.say(f"Starting; the data is in {chosen.data.root}")
        started = stack.enter_context(servers(chosen.data, os.environ, durable=True))
        env = service_environment(chosen, started.variables)
        publish(chosen.data, env)
        stack.callback(chosen.data.environment.unlink, missing_ok=True)
        supervisor = Supervisor(chosen.data.log, env, shutdown_seconds=chosen.shutdown_seconds)
        stack.callback(supervisor.stop)
        _prepare(env)
        supervisor.start(commands((PROJECT / "Procfile").read_text()))
        if started.postgres_sockets:
            checkpoint(started.postgres_sockets)
        _wait_until_ready(chosen, env, supervisor)
        _post_sample(chosen, env)
        _announce(chosen)
        _watch(supervisor, started)


def _end_leftovers(chosen: Options) -> None:
    """What a killed script/server left running on this folder."""
    run = published(chosen.data).get(RUN)
    if run:
        end_run(run)


def _refuse_busy_port(chosen: Options) -> None:
    family = socket.AF_INET6 if ":" in chosen.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((chosen.host, chosen.port))
        except OSError as error:
            raise DevServerError(
                f"{chosen.host}, port {chosen.port}, cannot be used ({os.strerror(error.errno or 0)}): "
                "set PORT to a free one, or BIND to an address of this machine."
            ) from error


def _prepare(env: Mapping[str, str]) -> None:
    _wait_for_database(env)
    for command in (["migrate", "--noinput"], ["collectstatic", "--noinput", "-v", "0"], ["bootstrap"]):
        code = manage(env, *command)
        if code:
            raise DevServerError(f"manage.py {command[0]} failed with {code}; what it said is above.")


def _wait_for_database(env: Mapping[str, str]) -> None:
    """A container's PostgreSQL takes a while after its start."""
    deadline = time.monotonic() + DATABASE_SECONDS
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", CONNECT]
    while True:
        answer = subprocess.run(  # noqa: S603
            command, cwd=PROJECT, env=env, capture_output=True, text=True, check=False
        )
        if answer.returncode == 0:
            return
        if answer.returncode != NOT_YET or time.monotonic() > deadline:
            raise DevServerError(f"The database cannot be used: {answer.stderr.strip()[-600:]}")
        interrupts.check()
        time.sleep(0.5)


def manage(env: Mapping[str, str], *arguments: str) -> int:
    """Run manage.py to its end; it can be interrupted."""
    command = [sys.executable, "manage.py", *arguments]
    process = subprocess.Popen(command, cwd=PROJECT, env=env, start_new_session=True)  # noqa: S603
    try:
        while True:
            try:
                return process.wait(0.1)
            except subprocess.TimeoutExpired:
                interrupts.check()
    finally:
        if process.poll() is None:
            processes.stop_all([process], 3.0)


def _wait_until_ready(chosen: Options, env: Mapping[str, str], supervisor: Supervisor) -> None:
    deadline = time.monotonic() + READY_SECONDS
    answer = client.Answer(0, "no answer")
    while time.monotonic() < deadline:
        interrupts.check()
        supervisor.require_start()
        supervisor.revive()
        answer = client.get(f"{chosen.address}/readyz", env)
        if answer.status == 200:
            return
        time.sleep(0.1)
    raise DevServerError(
        f"The service was not ready within {READY_SECONDS:.0f} s: {answer.status} {answer.text[:500]}\n"
        + processes.tail(chosen.data.log / "web.log")
    )


def _post_sample(chosen: Options, env: Mapping[str, str]) -> None:
    """One order for a database without checks, so that there is something to see."""
    if not chosen.demo or manage(env, "has_checks") != 1:
        return
    order = json.loads((PROJECT / "fixtures" / "sample_order.json").read_text())
    # Two services that share a media folder must not share an order.
    body = json.dumps(order | {"id": int(time.time())}).encode()
    answer = client.post(f"{chosen.address}/create_checks/", body, env)
    if answer.status == 200:
        processes.say("The sample order (fixtures/sample_order.json) was posted; DEMO=0 leaves it out.")
    else:
        processes.say(f"The sample order was refused: {answer.status} {answer.text[:500]}")


def _announce(chosen: Options) -> None:
    address = chosen.address
    processes.say(
        f"""
ForFar is ready.
    service    {address}/
    admin      {address}/admin/
    API pages  {address}/docs/
    queues     {address}/django-rq/
    data       {chosen.data.root}
    logs       {chosen.data.log}
Ctrl-C ends it.
"""
    )


def _watch(supervisor: Supervisor, started: Embedded) -> None:
    """Start again what ends: the servers, the web server and what works in the background."""
    while True:
        interrupts.check()
        for server in started.servers:
            server.revive()
        supervisor.revive()
        time.sleep(0.3)
