"""Who acts, and on whose request: what every event carries beside its payload."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID, uuid4

_correlation_id: ContextVar[UUID | None] = ContextVar("correlation_id", default=None)


@dataclass(frozen=True)
class Actor:
    """Who caused an event: a kind, and which one of that kind. Stored as `kind:name`."""

    STAFF: ClassVar[str] = "staff"

    kind: str
    name: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}" if self.name else self.kind

    @property
    def user_id(self) -> int | None:
        """The id of the staff user who acts, None for everybody else."""
        return int(self.name) if self.kind == self.STAFF else None

    @classmethod
    def order_system(cls, system_id: int | None = None) -> "Actor":
        """An order system that its token named, or one of which only the network knows."""
        return cls("order_system", "" if system_id is None else str(system_id))

    @classmethod
    def printer(cls, printer_id: int) -> "Actor":
        return cls("printer", str(printer_id))

    @classmethod
    def worker(cls, name: str) -> "Actor":
        return cls("worker", name[:100])

    @classmethod
    def sweeper(cls) -> "Actor":
        return cls("sweeper")

    @classmethod
    def command(cls) -> "Actor":
        """Whoever can run commands where the service runs."""
        return cls("command")

    @classmethod
    def staff(cls, user_id: int) -> "Actor":
        return cls(cls.STAFF, str(user_id))


def current_correlation_id() -> UUID:
    """Return the id of the request being worked on, or a new one outside of any."""
    return _correlation_id.get() or uuid4()


def known_correlation_id() -> UUID | None:
    """Return the id of the request being worked on, or None outside of any."""
    return _correlation_id.get()


@contextmanager
def correlation(correlation_id: UUID) -> Iterator[None]:
    """Give every event written inside the block this correlation id."""
    token = _correlation_id.set(correlation_id)
    try:
        yield
    finally:
        _correlation_id.reset(token)
