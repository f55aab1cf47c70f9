"""Redis out of a wheel, on a unix socket only."""

import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from dev.server import processes
from dev.server.errors import DevServerError
from dev.server.kept import KeptProcess
from dev.server.places import DataFolder, redis_program

START_SECONDS = 60.0


def address(sockets: Path) -> str:
    """The server's address for REDIS_URL."""
    return f"unix://{sockets}/redis.sock?db=0"


@contextmanager
def redis(data: DataFolder, sockets: Path, *, durable: bool) -> Iterator[KeptProcess]:
    """Run the server on `data` until the end of the block."""
    pid_file = data.redis / "redis.pid"
    stop_orphan(pid_file, sockets)
    log = data.log / "redis.log"

    def spawn() -> "subprocess.Popen[bytes]":
        # As its working folder: Redis's configuration does not take every name of a folder.
        process = processes.spawn(_server_command(sockets, durable=durable), log=log, cwd=data.redis)
        with suppress(OSError):  # a full disk; only stop_orphan() needs the file
            pid_file.write_text(str(process.pid))
        return process

    server = KeptProcess("redis", log, spawn)
    try:
        if not processes.wait_until(lambda: _answers(sockets), server.process, START_SECONDS):
            raise DevServerError(f"Redis did not start; the end of {log}:\n{processes.tail(log)}")
        yield server
    finally:
        processes.stop(server.process, (signal.SIGTERM, 8.0))
        pid_file.unlink(missing_ok=True)


def stop_orphan(pid_file: Path, sockets: Path) -> None:
    """End a server whose supervisor was killed; call it with the folder's lock held."""
    try:
        pid = int(pid_file.read_text())
    except (FileNotFoundError, ValueError):
        return
    server = processes.running(pid, "redis-server", str(sockets))
    if server:
        processes.end([server], signal.SIGTERM, 10.0)


def _server_command(sockets: Path, *, durable: bool) -> list[str]:
    kept = ["--appendonly", "yes", "--appendfsync", "everysec"] if durable else ["--appendonly", "no"]
    return [
        str(redis_program()),
        *("--port", "0", "--unixsocket", f"{sockets}/redis.sock", "--unixsocketperm", "700"),
        *("--dir", ".", "--save", "", "--daemonize", "no", "--databases", "64"),
        *("--set-proc-title", "no"),  # a title would write over the variables that mark whose it is
        *kept,
    ]


def _answers(sockets: Path) -> bool:
    """It answers PONG; while it loads its data it answers an error."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(1.0)
        try:
            client.connect(f"{sockets}/redis.sock")
            client.sendall(b"PING\r\n")
            return client.recv(64).startswith(b"+PONG")
        except OSError:
            return False
