"""The only way to change a check: lock, decide, append, project, in the caller's transaction.

1. The caller locks the check (`lock`), or has just inserted it.
2. Its stream is read and folded, the command is decided, and the new events are appended with one statement.
3. The cached columns and a history record for each event are written.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from checks.domain.commands import Command
from checks.domain.fold import evolve, fold
from checks.domain.lifecycle import decide
from checks.domain.projection import PROJECTED_FIELDS, projection
from checks.domain.state import CheckState
from checks.models import Check, CheckNotFoundError
from checks.services import history
from events.log.append import Append, append
from events.log.hashing import HashedFields
from events.log.registry import registry
from events.log.streams import Stream, read_streams
from foundation.context import Actor

# Written out, like the inserts: Django takes longer to build these statements than PostgreSQL to run them.
_NOT_READ = {"order", "order_salt"}  # the order can be large
_LOCKED_COLUMNS = [field.attname for field in Check._meta.concrete_fields if field.attname not in _NOT_READ]
_LOCK = f"""
    SELECT {", ".join(_LOCKED_COLUMNS)} FROM checks_check
    WHERE id = %s AND (%s IS NULL OR printer_id = %s) FOR NO KEY UPDATE
"""  # noqa: S608 - names of ours
_PROJECTED = ", ".join(f"{name} = %s" for name in PROJECTED_FIELDS)
_PROJECT = f"UPDATE checks_check SET {_PROJECTED} WHERE id = %s"  # noqa: S608 - names of ours


class Change(NamedTuple):
    """A command for one check."""

    check: Check
    command: Command


def lock(check_id: int, *, printer_id: int | None = None, skip_locked: bool = False) -> Check | None:
    """Return the check, locked against other writers. Must be the transaction's first statement.

    Returns None if there is no such check, if it is another printer's, or, with `skip_locked`, if another
    writer has locked it. FOR NO KEY UPDATE does not block new foreign keys to the row.

    Lock only one check in a transaction. A transaction that waits for its first row has no transaction id
    yet. While it waits for a second row it would have one, and its event could come before an earlier version
    in the feed.
    """
    sql = _LOCK + (" SKIP LOCKED" if skip_locked else "")
    with connection.cursor() as cursor:
        cursor.execute(sql, [check_id, printer_id, printer_id])
        row = cursor.fetchone()
    return Check.from_db(connection.alias, _LOCKED_COLUMNS, row) if row else None


def execute_on(
    check_id: int, command: Command, *, actor: Actor, now: datetime, printer_id: int | None = None
) -> Check:
    """Lock the check and execute the command; raises CheckNotFoundError if `lock` returns None."""
    check = lock(check_id, printer_id=printer_id)
    if check is None:
        raise CheckNotFoundError
    execute(check, command, actor=actor, now=now)
    return check


def execute(check: Check, command: Command, *, actor: Actor, now: datetime) -> list[HashedFields]:
    """Execute the command on a locked check and return the new events.

    A refused command raises before anything is written. A repeated one writes nothing.
    """
    (stream,) = read_streams([check.pk]).values()
    addition, records = _advance(Change(check, command), stream, now)
    if not records:
        return []
    events = append([addition], actor=actor)
    _project(check.pk, records[-1].state)
    history.write(records, actor=actor)
    return events


def _project(check_id: int, state: CheckState) -> None:
    """Write the columns that cache this state."""
    columns = projection(state)
    with connection.cursor() as cursor:
        cursor.execute(_PROJECT, [*map(columns.__getitem__, PROJECTED_FIELDS), check_id])


def execute_first(changes: Sequence[Change], *, actor: Actor, now: datetime) -> list[HashedFields]:
    """Write the first events and history records of checks that this transaction has just inserted."""
    advanced = [_advance(change, Stream(change.check.pk), now) for change in changes]
    events = append([addition for addition, _ in advanced], actor=actor)
    history.write([record for _, records in advanced for record in records], actor=actor)
    return events


def _advance(change: Change, stream: Stream, now: datetime) -> tuple[Append, list[history.Record]]:
    """Decide, update the check's attributes, and return the events with a history record for each.

    A process that waited for the lock may have read the clock before the last event happened. The later
    moment counts, so that time does not run backwards within a check.
    """
    check, command = change
    state = fold(stream.events)
    moment = max([now, *(event.occurred_at for event in stream.events[-1:])])
    payloads = decide(state, command)
    records = []
    for payload in payloads:
        state = evolve(state, payload, moment)
        records.append(history.Record(check.pk, state, registry.name_of(payload), moment))
    if records:
        for name, value in projection(records[-1].state).items():
            setattr(check, name, value)
    return Append(stream, payloads, moment), records
