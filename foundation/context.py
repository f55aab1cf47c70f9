"""Who acts, and for which request: every event carries both besides its payload."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID, uuid4

MAX_ID_DIGITS = 19
MAX_WORKER_NAME = 100

_correlation_id: ContextVar[UUID | None] = ContextVar("correlation_id", default=None)


@dataclass(frozen=True)
class Actor:
    """Who caused an event: a kind, and an id or a name of that kind. Stored as `kind:name`.

    Raises ValueError for a kind that does not exist and for an id that no row can have, such as `staff:0`.
    """

    ORDER_SYSTEM: ClassVar[str] = "order_system"
    PRINTER: ClassVar[str] = "printer"
    WORKER: ClassVar[str] = "worker"
    SWEEPER: ClassVar[str] = "sweeper"
    COMMAND: ClassVar[str] = "command"
    STAFF: ClassVar[str] = "staff"

    kind: str
    name: str = ""

    def __post_init__(self) -> None:
        is_well_formed = _NAMES.get(self.kind)
        if is_well_formed is None or not is_well_formed(self.name):
            raise ValueError(f"{self.kind}:{self.name} is not an actor.")

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}" if self.name else self.kind

    @property
    def user_id(self) -> int | None:
        """The id of the staff user who acts, None for every other actor."""
        return int(self.name) if self.kind == self.STAFF else None

    @classmethod
    def order_system(cls, system_id: int | None = None) -> "Actor":
        """An order system; without an id one that sent no token and was let in by the network."""
        return cls(cls.ORDER_SYSTEM, "" if system_id is None else str(system_id))

    @classmethod
    def printer(cls, printer_id: int) -> "Actor":
        return cls(cls.PRINTER, str(printer_id))

    @classmethod
    def worker(cls, name: str) -> "Actor":
        return cls(cls.WORKER, name[:MAX_WORKER_NAME])

    @classmethod
    def sweeper(cls) -> "Actor":
        return cls(cls.SWEEPER)

    @classmethod
    def command(cls) -> "Actor":
        """Somebody who runs management commands."""
        return cls(cls.COMMAND)

    @classmethod
    def staff(cls, user_id: int) -> "Actor":
        return cls(cls.STAFF, str(user_id))


def _is_id(name: str) -> bool:
    return name.isascii() and name.isdigit() and name[0] != "0" and len(name) <= MAX_ID_DIGITS


# Which names each kind of actor can have. The column has 120 characters.
_NAMES: dict[str, Callable[[str], bool]] = {
    Actor.ORDER_SYSTEM: lambda name: not name or _is_id(name),
    Actor.PRINTER: _is_id,
    Actor.WORKER: lambda name: 0 < len(name) <= MAX_WORKER_NAME and name.isprintable(),
    Actor.SWEEPER: lambda name: not name,
    Actor.COMMAND: lambda name: not name,
    Actor.STAFF: _is_id,
}


def current_correlation_id() -> UUID:
    """Return the id of the current request, or a new one outside any request."""
    return _correlation_id.get() or uuid4()


def known_correlation_id() -> UUID | None:
    """Return the id of the current request, or None outside any request."""
    return _correlation_id.get()


@contextmanager
def correlation(correlation_id: UUID) -> Iterator[None]:
    """Give every event written inside the block this correlation id."""
    token = _correlation_id.set(correlation_id)
    try:
        yield
    finally:
        _correlation_id.reset(token)
