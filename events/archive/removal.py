"""Removes archived events from the log: one transaction lists them as archived and deletes them.

Only the owner of the tables can do this, and the triggers of migration 0003 allow no other way.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection

from events.models import ArchivedCheck, ArchivedStretch, ArchivePart
from foundation.db.catalog import append_only_tables
from foundation.db.locks import ARCHIVING, release, try_to_hold_in_session
from foundation.errors import ForFarError, gettext_noop

# Advisory locks of two numbers; see decisions 0014 and 0025.


class NotOwnerError(ForFarError):
    code = "not_owner"
    message = gettext_noop("Only the owner of the tables can do this.")


class ArchivingError(ForFarError):
    """Another process is archiving."""

    code = "archiving"
    message = gettext_noop("Another archive_events is running.")


class EventsDifferError(ForFarError):
    """The table does not have exactly the events that were archived."""

    code = "events_differ"
    message = gettext_noop("Part %(part)s has %(expected)s events, but the log has %(found)s of its checks.")


class Contents(NamedTuple):
    """The contents of a part: its checks with their orders, the number of events, and the events per seal."""

    number: int
    day: date
    orders: Mapping[int, int]
    events: int
    seals: Mapping[int, int]
    manifest_sha256: bytes


def begin() -> None:
    """Keep others from archiving until `end` or the session ends. Raises NotOwnerError, ArchivingError."""
    if not all(table.is_ours for table in append_only_tables()):
        raise NotOwnerError
    if not try_to_hold_in_session(ARCHIVING):
        raise ArchivingError


def end() -> None:
    """Let others archive again."""
    release(ARCHIVING)


def last_part() -> int:
    """Return the number of the last listed part, or 0."""
    return ArchivePart.objects.order_by("-number").values_list("number", flat=True).first() or 0


def list_part(contents: Contents, *, now: datetime) -> None:
    """List a part of the archive, in the transaction that deletes its events."""
    part = ArchivePart.objects.create(
        number=contents.number,
        day=contents.day,
        checks=len(contents.orders),
        events=contents.events,
        manifest_sha256=contents.manifest_sha256,
        archived_at=now,
    )
    ArchivedCheck.objects.bulk_create(
        ArchivedCheck(check_id=check_id, order_id=order_id, part=part)
        for check_id, order_id in contents.orders.items()
    )
    ArchivedStretch.objects.bulk_create(
        ArchivedStretch(part=part, seal_id=seal, events=events) for seal, events in contents.seals.items()
    )


def delete_events(contents: Contents) -> None:
    """Delete the events of a part that this transaction has listed. Raises EventsDifferError."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM events_event WHERE check_id = ANY(%s)", [list(contents.orders)])
        found = cursor.rowcount
    if found != contents.events:
        raise EventsDifferError(part=contents.number, expected=contents.events, found=found)
