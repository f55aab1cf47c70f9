"""The names that people have for events. Who writes events says them; the log knows none by itself."""

from collections.abc import Mapping

from django.utils.functional import Promise

_names: dict[str, "str | Promise"] = {}


def name_events(names: Mapping[str, "str | Promise"]) -> None:
    """Give event types the names by which people know them."""
    _names.update(names)


def event_name(event_type: str) -> str:
    """Return an event type's name in the active language; a type without one stands for itself."""
    return str(_names.get(event_type, event_type))
