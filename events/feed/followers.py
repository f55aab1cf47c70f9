"""Who reads along, and how far each has come: what one of them has not seen yet does not go into the archive.

Readers inside the service register here when it starts. Readers outside have the time that passes before
anything is archived.
"""

from collections.abc import Callable
from typing import NamedTuple

from events.feed.reading import Position

_followers: dict[str, Callable[[], Position]] = {}


class Follower(NamedTuple):
    """A reader of the feed, and the last event that it has seen."""

    name: str
    position: Position


def register(name: str, position: Callable[[], Position]) -> None:
    """Have the archive wait for this reader, who says how far it has come."""
    _followers[name] = position


def slowest() -> Follower | None:
    """Return the reader who is furthest behind; None where nobody reads along."""
    found = (Follower(name, position()) for name, position in _followers.items())
    return min(found, key=lambda follower: follower.position, default=None)
