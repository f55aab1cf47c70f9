"""The one way in which a check changes: decide, append, project, all in the caller's transaction.

1. The caller has locked the check (`lock`), or has just inserted it.
2. Its stream is read and folded, the command decided, the new events appended with one statement.
3. What the events make of the check is written: the cached columns, and a history record for each event.
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

# Written out, like the inserts: Django takes longer to put these together than PostgreSQL to answer them.
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
    """Give the check, locked against other writers; to be the transaction's first statement.

    None where there is no such check, where it is another printer's, and with `skip_locked` where another
    writer has it. Take one check a transaction: FOR NO KEY UPDATE lets foreign keys to the row pass, and
    whoever waits for the first row has no transaction id yet; with a second row it would have one, and its
    event could come before an earlier version's in the feed.
    """
    sql = _LOCK + (" SKIP LOCKED" if skip_locked else "")
    with connection.cursor() as cursor:
        cursor.execute(sql, [check_id, printer_id, printer_id])
        row = cursor.fetchone()
    return Check.from_db(connection.alias, _LOCKED_COLUMNS, row) if row else None


def execute_on(
    check_id: int, command: Command, *, actor: Actor, now: datetime, printer_id: int | None = None
) -> Check:
    """Lock the check and carry out the command on it; raises CheckNotFoundError where `lock` gives none."""
    check = lock(check_id, printer_id=printer_id)
    if check is None:
        raise CheckNotFoundError
    execute(check, command, actor=actor, now=now)
    return check


def execute(check: Check, command: Command, *, actor: Actor, now: datetime) -> list[HashedFields]:
    """Carry out the command on a locked check and return the new events.

    A refused command raises before anything is written; one that repeats what was done writes nothing.
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
    """Write the columns that are the cache of this state."""
    columns = projection(state)
    with connection.cursor() as cursor:
        cursor.execute(_PROJECT, [*map(columns.__getitem__, PROJECTED_FIELDS), check_id])


def execute_first(changes: Sequence[Change], *, actor: Actor, now: datetime) -> list[HashedFields]:
    """Give checks that this transaction has just inserted their first event and history record."""
    advanced = [_advance(change, Stream(change.check.pk), now) for change in changes]
    events = append([addition for addition, _ in advanced], actor=actor)
    history.write([record for _, records in advanced for record in records], actor=actor)
    return events


def _advance(change: Change, stream: Stream, now: datetime) -> tuple[Append, list[history.Record]]:
    """Decide, bring the check to its new state, and return the events with a record of it after each.

    Whoever waited for the lock may have read the clock before the last event happened; time does not run
    backwards within a check.
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
