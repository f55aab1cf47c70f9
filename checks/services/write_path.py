"""The one way in which a check changes: decide, append, project, all in the caller's transaction.

1. The caller has locked the check (`locked`), or has just inserted it.
2. Its stream is read and folded, the command decided, the new events appended with one statement.
3. What the events make of the check is written: the cached columns, and a history record for each event.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import QuerySet

from checks import history
from checks.commands import Command
from checks.lifecycle import decide, evolve, fold
from checks.models import Check, CheckNotFoundError
from checks.projection import PROJECTED_FIELDS, projection
from events import store
from events.context import Actor
from events.hashing import HashedFields
from events.registry import registry


class Change(NamedTuple):
    """A command for one check."""

    check: Check
    command: Command


def locked(*, skip_locked: bool = False) -> QuerySet[Check]:
    """Checks with their printers, locked against other writers; to be the transaction's first statement.

    Take one check a transaction. FOR NO KEY UPDATE lets foreign keys to the row pass, and whoever waits for
    the first row has no transaction id yet; with a second row it would have one, and its event could come
    before an earlier version's in the feed. The order's JSON, which can be large, stays where it is.
    """
    return (
        Check.objects.select_for_update(no_key=True, skip_locked=skip_locked, of=("self",))
        .select_related("printer")
        .defer("order", "order_salt")
        .order_by("id")
    )


def execute_on(checks: QuerySet[Check], command: Command, *, actor: Actor, now: datetime) -> Check:
    """Carry out the command on the one check that `checks` locks; raises CheckNotFoundError for none."""
    check = checks.first()
    if check is None:
        raise CheckNotFoundError
    execute(check, command, actor=actor, now=now)
    return check


def execute(check: Check, command: Command, *, actor: Actor, now: datetime) -> list[HashedFields]:
    """Carry out the command on a locked check and return the new events.

    A refused command raises before anything is written; one that repeats what was done writes nothing.
    """
    (stream,) = store.read_streams([check.pk]).values()
    append, records = _advance(Change(check, command), stream, now)
    if not records:
        return []
    events = store.append([append], actor=actor)
    Check.objects.filter(pk=check.pk).update(**{name: getattr(check, name) for name in PROJECTED_FIELDS})
    history.write(records, actor=actor)
    return events


def execute_first(changes: Sequence[Change], *, actor: Actor, now: datetime) -> list[HashedFields]:
    """Give checks that this transaction has just inserted their first event and history record."""
    advanced = [_advance(change, store.Stream(change.check.pk), now) for change in changes]
    events = store.append([append for append, _ in advanced], actor=actor)
    history.write([record for _, records in advanced for record in records], actor=actor)
    return events


def _advance(
    change: Change, stream: store.Stream, now: datetime
) -> tuple[store.Append, list[history.Record]]:
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
    return store.Append(stream, payloads, moment), records
