"""Everything that runs in earnest, on servers that can be stopped, and watched over as by a supervisor."""

import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path

import psutil
import psycopg2

from dev.server.environment import PROJECT, RUN
from dev.server.kept import KeptProcess
from dev.server.places import DataFolder, make_socket_folder
from dev.server.postgres import address as postgres_address
from dev.server.postgres import postgres
from dev.server.redis import address as redis_address
from dev.server.redis import redis
from dev.server.service import Service, plain_environment
from dev.server.stack import locked
from dev.server.supervisor import commands, end_run
from tests.faults.reach import Reach, kill, until
from tests.faults.renderers import Renderers

PROCESSES = ("web", "worker", "upkeep", "cron", "scheduler")
RESTART_SECONDS = 1.0


class Server:
    """PostgreSQL or Redis, which can be stopped and started again on its data."""

    def __init__(self, run: Callable[[], AbstractContextManager[KeptProcess]]) -> None:
        self._run = run

    def start(self) -> None:
        self._context = self._run()
        self.process = self._context.__enter__().process

    def stop(self) -> None:
        self._context.__exit__(None, None, None)


class Stack(Reach):
    """The servers and the processes of one service."""

    def __init__(self, folder: Path, data: DataFolder, sockets: Path) -> None:
        self.postgres = Server(lambda: postgres(data, sockets, durable=True))
        self.redis_server = Server(lambda: redis(data, sockets, durable=True))
        self.renderers = Renderers(folder / "bin", folder / "tmp")
        self.media = folder / "media"
        env = plain_environment(
            folder,
            {"DATABASE_URL": postgres_address(sockets), "REDIS_URL": redis_address(sockets)},
        )
        env |= {
            "WEB_CONCURRENCY": "3",
            "RENDER_TIMEOUT_SECONDS": "4",
            "LEASE_SECONDS": "600",  # a slow machine is no lost confirmation
            "WKHTMLTOPDF_BINARY": str(self.renderers.binary),
        }
        self.service = Service(folder, env)
        self._started: dict[str, tuple[str, Mapping[str, str]]] = {}
        self._watched = threading.Lock()
        self._ended = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)

    # --- the processes -------------------------------------------------------------------------------

    def start(self, **variables: str) -> None:
        """Start every process of the Procfile, and from then on start again what ends."""
        for name in PROCESSES:
            self.start_process(name, **variables)
        if not self._watcher.is_alive():
            self._watcher.start()
        until(self.is_ready, "the service is ready", 90)

    def start_process(self, name: str, like: str = "", **variables: str) -> None:
        """Start one process of the Procfile, or one more like it under another name."""
        with self._watched:
            command = commands((PROJECT / "Procfile").read_text())[like or name]
            self._started[name] = command, variables
            self.service.start(name, command, variables)

    def restart(self, *names: str, **variables: str) -> None:
        """End these processes, or all, and start them with other variables."""
        for name in names or PROCESSES:
            self.end_process(name)
            self.start_process(name, **variables)
        until(self.is_ready, "the service is ready", 90)

    def end_process(self, name: str) -> None:
        with self._watched:
            self._started.pop(name)
            self.service.stop(name)

    def stop(self) -> None:
        self._ended.set()
        with self._watched:
            self.service.stop()

    def _watch(self) -> None:
        """Do what systemd does with Restart=always."""
        while not self._ended.wait(RESTART_SECONDS):
            with self._watched:
                for name, (command, variables) in self._started.items():
                    if self.service.running[name].poll() is not None:
                        self.service.start(name, command, variables)

    def workers(self, name: str = "worker") -> list[psutil.Process]:
        """The processes that render."""
        with suppress(psutil.NoSuchProcess):
            return psutil.Process(self.service.running[name].pid).children()
        return []

    def web_workers(self) -> list[psutil.Process]:
        """The processes that answer requests."""
        with suppress(psutil.NoSuchProcess):
            children = psutil.Process(self.service.running["web"].pid).children()
            return [each for each in children if "resource_tracker" not in " ".join(each.cmdline())]
        return []

    # --- what the tests do to it ---------------------------------------------------------------------

    @contextmanager
    def holding(self, lock: str) -> Iterator[None]:
        """Hold what this statement locks until the end of the block; raises LockNotAvailable."""
        connection = psycopg2.connect(self.service.env["DATABASE_URL"], options="-c lock_timeout=1s")
        try:
            with connection.cursor() as cursor:
                cursor.execute(lock)
            yield
        finally:
            connection.close()

    def waits(self, fragment: str) -> bool:
        """Say whether a statement like this one waits for a lock."""
        return bool(
            self.sql(
                "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query ILIKE %s",
                f"%{fragment}%",
            )
        )

    def set_renderer(self, kind: str) -> None:
        """Put another program in the renderer's place; those that run give way to it."""
        self.renderers.be(kind)
        kill(self.warm_renderers())

    def warm_renderers(self) -> list[psutil.Process]:
        """The renderers that the workers keep."""
        with suppress(psutil.NoSuchProcess):
            pool = psutil.Process(self.service.running["worker"].pid)
            return [each for each in pool.children(recursive=True) if each.name() == "wkhtmltopdf"]
        return []

    @contextmanager
    def frozen(self, victims: list[psutil.Process]) -> Iterator[None]:
        """Stop processes in their tracks until the end of the block."""
        for victim in victims:
            victim.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            for victim in victims:
                with suppress(psutil.NoSuchProcess):
                    victim.send_signal(signal.SIGCONT)


@contextmanager
def running(folder: Path) -> Iterator[Stack]:
    """Run a stack in this folder; nothing of it is left afterwards."""
    folder.chmod(0o711)
    (folder / "tmp").mkdir()
    data = DataFolder((folder / "data").resolve())
    with ExitStack() as ends:
        ends.enter_context(locked(data))
        sockets = make_socket_folder(data.root)
        ends.callback(lambda: [path.unlink() for path in sockets.iterdir()] and sockets.rmdir())
        stack = Stack(folder, data, sockets)
        for server in (stack.postgres, stack.redis_server):
            server.start()
            ends.callback(server.stop)
        ends.callback(end_run, stack.service.env[RUN])
        ends.callback(stack.stop)
        stack.service.manage("migrate", "--verbosity=0")
        stack.service.manage("loaddata", "printers", "--verbosity=0")
        stack.start()
        yield stack
