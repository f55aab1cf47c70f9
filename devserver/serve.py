"""script/server: everything from an empty folder to a service that answers."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack

from devserver import client, interrupts, processes
from devserver.environment import PROJECT, RUN, Options, publish, published, service_environment
from devserver.errors import DevServerError
from devserver.stack import Embedded, locked, servers
from devserver.supervisor import Supervisor, commands, end_run

READY_SECONDS = 60.0


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
        supervisor = Supervisor(chosen.data.log, env)
        stack.callback(supervisor.stop)
        _prepare(env)
        supervisor.start(commands((PROJECT / "Procfile").read_text()))
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
                f"Port {chosen.port} cannot be used ({os.strerror(error.errno or 0)}): "
                "set PORT to a free one."
            ) from error


def _prepare(env: Mapping[str, str]) -> None:
    for command in (["migrate", "--noinput"], ["collectstatic", "--noinput", "-v", "0"], ["bootstrap"]):
        code = manage(env, *command)
        if code:
            raise DevServerError(f"manage.py {command[0]} failed with {code}; what it said is above.")


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
        supervisor.require_all()
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
    order = (PROJECT / "fixtures" / "sample_order.json").read_bytes()
    answer = client.post(f"{chosen.address}/create_checks/", order, env)
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
    while True:
        interrupts.check()
        for name, server in started.servers.items():
            if server.poll() is not None:
                log = supervisor.log / f"{name}.log"
                raise DevServerError(
                    f"{name} ended with {server.poll()}; the end of {log}:\n{processes.tail(log)}"
                )
        supervisor.revive()
        time.sleep(0.3)
