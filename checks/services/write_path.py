"""The one way in which a check changes: decide, append, project, all in the caller's transaction.

1. The caller has locked the rows (`locked`), or has just inserted them.
2. Their streams are read and folded, the commands decided, the new events appended with one statement.
3. What the events make of the checks is written: one update, and one insert of a history record an event.
"""

from collections.abc import Iterable, Sequence
from copy import copy
from datetime import datetime
from typing import NamedTuple

from django.contrib.auth import get_user_model
from django.db.models import QuerySet

from checks.commands import Command
from checks.event_types import Payload
from checks.lifecycle import decide, evolve, fold
from checks.models import Check
from checks.projection import PROJECTED_FIELDS, projection
from checks.state import CheckState
from events import store
from events.context import Actor
from events.models import Event
from events.registry import registry


class Change(NamedTuple):
    """A command for one check."""

    check: Check
    command: Command


class _Step(NamedTuple):
    """An event and the state that it leads to."""

    payload: Payload
    state: CheckState


class _Decided(NamedTuple):
    check: Check
    stream: store.Stream
    steps: list[_Step]


def locked() -> QuerySet[Check]:
    """Checks with their printers, locked against other writers; to be the transaction's first statement.

    FOR NO KEY UPDATE lets foreign keys to the row pass, and a waiter has no transaction id yet, which keeps
    a check's versions in the order of the feed. The order's JSON, which can be large, stays where it is.
    """
    return (
        Check.objects.select_for_update(no_key=True, of=("self",))
        .select_related("printer")
        .defer("order", "order_salt")
        .order_by("id")
    )


def execute(changes: Sequence[Change], *, actor: Actor, now: datetime) -> list[Event]:
    """Carry out the commands on locked checks and return the new events.

    A refused command raises before anything is written; one that repeats what was done writes nothing.
    """
    streams = store.read_streams(change.check.pk for change in changes)
    decided = [_decide(change, streams[change.check.pk], now) for change in changes]
    decided = [each for each in decided if each.steps]
    if not decided:
        return []
    events = _append(decided, actor, now)
    records = [record for each in decided for record in _history_of(each)]
    Check.objects.bulk_update([each.check for each in decided], PROJECTED_FIELDS)
    _record_history(records, actor, now, update=True)
    return events


def execute_first(changes: Sequence[Change], *, actor: Actor, now: datetime) -> list[Event]:
    """Give checks that this transaction has just inserted their first event and history record."""
    decided = [_decide(change, store.Stream(change.check.pk), now) for change in changes]
    events = _append(decided, actor, now)
    records = [record for each in decided for record in _history_of(each)]
    _record_history(records, actor, now, update=False)
    return events


def _decide(change: Change, stream: store.Stream, now: datetime) -> _Decided:
    state = fold(stream.events)
    steps = []
    for payload in decide(state, change.command):
        state = evolve(state, payload, now)
        steps.append(_Step(payload, state))
    return _Decided(change.check, stream, steps)


def _append(decided: Iterable[_Decided], actor: Actor, now: datetime) -> list[Event]:
    appends = [store.Append(each.stream, [step.payload for step in each.steps]) for each in decided]
    return store.append(appends, actor=actor, occurred_at=now)


def _history_of(each: _Decided) -> list[Check]:
    """Bring the check to its new state, and return a copy of it as it was after every event."""
    records = []
    for step in each.steps:
        for name, value in projection(step.state).items():
            setattr(each.check, name, value)
        record = copy(each.check)
        record._change_reason = registry.name_of(step.payload)
        records.append(record)
    return records


def _record_history(records: list[Check], actor: Actor, now: datetime, *, update: bool) -> None:
    user = get_user_model()(pk=int(actor.name)) if actor.kind == Actor.STAFF else None
    for record in records:
        record._history_user = user
    Check.history.bulk_history_create(records, update=update, default_date=now)
