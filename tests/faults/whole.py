"""A running script/server, and what can be done to what it started."""

from collections.abc import Iterator
from contextlib import contextmanager

import psutil

from dev.server.environment import published
from dev.server.service import Service
from tests.faults.reach import Reach
from tests.faults.served import Served


class Whole(Reach):
    """One script/server, reached as the stack of the other faults is."""

    def __init__(self, served: Served, *, has_disk: bool) -> None:
        self.served, self.media = served, served.media
        self.has_disk = has_disk  # a small one, for Redis alone
        variables = served.env | published(served.data)
        self.service = Service(served.output.parent, variables)

    def redis_process(self) -> psutil.Process:
        return psutil.Process(int((self.served.data.redis / "redis.pid").read_text()))

    def postgres_process(self) -> psutil.Process:
        first_line = (self.served.data.postgres / "postmaster.pid").read_text().split("\n", 1)[0]
        return psutil.Process(int(first_line))

    def processes(self) -> dict[int, psutil.Process]:
        """What script/server started: the servers, and the Procfile's."""
        children = psutil.Process(self.served.process.pid).children()
        return {child.pid: child for child in children if child.status() != psutil.STATUS_ZOMBIE}

    def loses_redis(self) -> bool:
        """Say whether /readyz names Redis as missing."""
        answer = self.readiness()
        return answer.status == 503 and '"redis"' in answer.text

    def require_alive(self) -> None:
        assert self.served.process.poll() is None, self.served.says()


@contextmanager
def frozen(process: psutil.Process) -> Iterator[None]:
    process.suspend()
    try:
        yield
    finally:
        process.resume()
