"""Which frozen dataclass stands for which (type, schema_version). No Django.

A released payload never changes. A new shape gets the next schema_version, and an upcaster converts stored
data of the previous version when it is read.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeVar

Data = dict[str, Any]
PayloadClass = TypeVar("PayloadClass", bound=type)


class Encoded(NamedTuple):
    """A payload as it is stored."""

    type: str
    schema_version: int
    data: Data


class UnknownEventError(LookupError):
    """The log holds a type or schema_version that this release does not know."""


class EventRegistry:
    """Maps payload classes to their stored form and back."""

    def __init__(self) -> None:
        self._current: dict[str, tuple[int, type]] = {}
        self._names: dict[type, tuple[str, int]] = {}
        self._upcasters: dict[tuple[str, int], Callable[[Data], Data]] = {}

    def event(self, name: str, *, schema_version: int = 1) -> Callable[[PayloadClass], PayloadClass]:
        """Register a frozen dataclass as the current payload of the events named `name`."""

        def register(payload_class: PayloadClass) -> PayloadClass:
            if name in self._current:
                raise ValueError(f"The event type {name!r} is registered twice.")
            self._current[name] = (schema_version, payload_class)
            self._names[payload_class] = (name, schema_version)
            return payload_class

        return register

    def upcaster(
        self, name: str, *, from_version: int
    ) -> Callable[[Callable[[Data], Data]], Callable[[Data], Data]]:
        """Register the function that converts data of `from_version` to the next version."""

        def register(step: Callable[[Data], Data]) -> Callable[[Data], Data]:
            self._upcasters[name, from_version] = step
            return step

        return register

    def names(self) -> Mapping[str, type]:
        """Return every registered event type with its current payload class."""
        return {name: payload_class for name, (_, payload_class) in self._current.items()}

    def current_version(self, name: str) -> int:
        return self._current[name][0]

    def name_of(self, payload: object) -> str:
        return self._names[type(payload)][0]

    def encode(self, payload: object) -> Encoded:
        name, schema_version = self._names[type(payload)]
        return Encoded(name, schema_version, dict(vars(payload)))

    def decode(self, name: str, schema_version: int, data: Data) -> Any:
        """Return the payload for stored data, upcast to the current version.

        Raises UnknownEventError for an unknown type or version, TypeError for data that does not fit.
        """
        try:
            current, payload_class = self._current[name]
            while schema_version != current:
                data = self._upcasters[name, schema_version](data)
                schema_version += 1
        except KeyError as error:
            raise UnknownEventError(f"{name} in version {schema_version}") from error
        return payload_class(**data)


registry = EventRegistry()
