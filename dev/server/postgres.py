"""PostgreSQL out of a wheel, on a unix socket only."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import quote

from dev.server import processes
from dev.server.errors import DevServerError
from dev.server.kept import KeptProcess
from dev.server.places import DataFolder, postgres_programs
from dev.server.privilege import Account, postgres_account

DATABASE = "forfar"
START_SECONDS = 60.0
IN_A_HURRY = ["fsync=off", "full_page_writes=off", "synchronous_commit=off"]


def address(sockets: Path) -> str:
    """The server's address for DATABASE_URL."""
    return f"postgres://postgres@/{DATABASE}?host={quote(str(sockets), safe='/')}&port=5432"


@contextmanager
def postgres(data: DataFolder, sockets: Path, *, durable: bool) -> Iterator[KeptProcess]:
    """Run the server on `data` until the end of the block; it is made when there is none."""
    programs = postgres_programs()
    stop_orphan(data.postgres)
    account = postgres_account(data.postgres, programs / "postgres")
    if os.geteuid() == 0 and not any("dac_override" in part for part in account.prefix):
        os.chown(sockets, account.uid, account.gid)
    if not (data.postgres / "PG_VERSION").exists():
        _make_cluster(programs, data, account, durable=durable)
    if data.postgres.stat().st_uid != account.uid:
        raise DevServerError(
            f"The database in {data.postgres} was made by another user: run this as that user or as root, "
            "or set FORFAR_DATA_DIR to another folder."
        )
    log = data.log / "postgres.log"
    command = [*account.prefix, *_server_command(programs, data, sockets, durable=durable)]
    server = KeptProcess("postgres", log, partial(processes.spawn, command, log=log, env=environment()))
    try:
        if not processes.wait_until(lambda: _ready(programs, sockets), server.process, START_SECONDS):
            raise DevServerError(f"PostgreSQL did not start; the end of {log}:\n{processes.tail(log)}")
        _make_database(programs, sockets)
        yield server
    finally:
        # Fast, then immediate: the second leaves a recovery to the next start.
        processes.stop(server.process, (signal.SIGINT, 8.0), (signal.SIGQUIT, 4.0))


def stop_orphan(pgdata: Path) -> None:
    """End a server on this folder whose supervisor was killed; call it with the folder's lock held."""
    try:
        pid = int((pgdata / "postmaster.pid").read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return
    server = processes.running(pid, "postgres", str(pgdata))
    if server:
        processes.end([server], signal.SIGINT, 10.0)


def environment() -> dict[str, str]:
    """Ours without the settings of libpq, which would change the port or the user."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


def _make_cluster(programs: Path, data: DataFolder, account: Account, *, durable: bool) -> None:
    """Make it under another name first: a half-made one is never taken for a database."""
    unfinished = data.postgres.with_name("postgres.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    if data.postgres.exists():
        raise DevServerError(f"{data.postgres} holds no database: remove it, or set FORFAR_DATA_DIR.")
    unfinished.mkdir(mode=0o700)
    os.chown(unfinished, account.uid, account.gid)
    # The locale C of the system knows no Cyrillic capitals; PostgreSQL's own C.UTF-8 does.
    locale = ["--no-locale", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    options = ["--encoding=UTF8", *locale, "--auth=trust", "--username=postgres"]
    with _without_shell_characters(programs) as plain:
        command = [
            str(plain / "initdb"),
            "-D",
            str(unfinished),
            *options,
            *([] if durable else ["--no-sync"]),
        ]
        _run([*account.prefix, *command], "The database cannot be made")
    unfinished.rename(data.postgres)


@contextmanager
def _without_shell_characters(programs: Path) -> Iterator[Path]:
    """The programs, or a copy of them: initdb calls its neighbour by a shell, between double quotes."""
    if not set(str(programs)) & set('"$`\\'):
        yield programs
        return
    site, (wheel, install) = programs.parents[2], programs.parts[-3:-1]
    with tempfile.TemporaryDirectory(prefix="forfar-") as folder:
        for name in (f"{wheel}/{install}", f"{wheel}.libs"):  # they find each other by their places
            shutil.copytree(site / name, Path(folder) / name)
        yield Path(folder) / wheel / install / "bin"


def _server_command(programs: Path, data: DataFolder, sockets: Path, *, durable: bool) -> list[str]:
    settings = [
        "listen_addresses=",
        "port=5432",
        f"unix_socket_directories={sockets}",
        "unix_socket_permissions=0700",
        "timezone=UTC",
        *([] if durable else IN_A_HURRY),
    ]
    options = [part for setting in settings for part in ("-c", setting)]
    return [str(programs / "postgres"), "-D", str(data.postgres), *options]


def _ready(programs: Path, sockets: Path) -> bool:
    command = [str(programs / "pg_isready"), "-q", "-h", str(sockets), "-p", "5432"]
    return subprocess.run(command, env=environment(), check=False).returncode == 0  # noqa: S603


def _make_database(programs: Path, sockets: Path) -> None:
    exists = f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'"  # noqa: S608  a constant
    if not _sql(programs, sockets, exists, "The database server does not answer").strip():
        _sql(programs, sockets, f"CREATE DATABASE {DATABASE}", "The database cannot be made")


def checkpoint(sockets: Path) -> None:
    """Write out what migrations have changed now: at the end it would take seconds."""
    _sql(postgres_programs(), sockets, "CHECKPOINT", "The database server does not answer")


def _sql(programs: Path, sockets: Path, statement: str, failure: str) -> str:
    server = ["-h", str(sockets), "-p", "5432", "-U", "postgres", "-d", "postgres"]
    return _run([str(programs / "psql"), "-X", "-q", *server, "-Atc", statement], failure)


def _run(command: list[str], failure: str) -> str:
    result = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)  # noqa: S603
    if result.returncode:
        raise DevServerError(f"{failure}:\n{result.stderr or result.stdout}")
    return result.stdout
