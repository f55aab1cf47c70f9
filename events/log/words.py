"""Names of events for people. The app that writes the events provides them."""

from collections.abc import Mapping

from django.utils.functional import Promise

_names: dict[str, "str | Promise"] = {}


def name_events(names: Mapping[str, "str | Promise"]) -> None:
    """Set the names of event types."""
    _names.update(names)


def event_name(event_type: str) -> str:
    """Return an event type's name in the active language, or the type itself if it has none."""
    return str(_names.get(event_type, event_type))
