"""The one way in which a check changes: decide, append, project, all in the caller's transaction.

1. The caller has locked the check (`locked`), or has just inserted it.
2. Its stream is read and folded, the command decided, the new events appended with one statement.
3. What the events make of the check is written: the cached columns, and a history record for each event.
"""

from collections.abc import Sequence
from copy import copy
from datetime import datetime
from typing import NamedTuple

from django.contrib.auth import get_user_model
from django.db.models import QuerySet

from checks.commands import Command
from checks.lifecycle import decide, evolve, fold
from checks.models import Check, CheckNotFoundError
from checks.projection import PROJECTED_FIELDS, projection
from events import store
from events.context import Actor
from events.models import Event
from events.registry import registry

# Looked up once: simple-history makes a new manager class each time.
HISTORY = Check.history


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


def execute(check: Check, command: Command, *, actor: Actor, now: datetime) -> list[Event]:
    """Carry out the command on a locked check and return the new events.

    A refused command raises before anything is written; one that repeats what was done writes nothing.
    """
    (stream,) = store.read_streams([check.pk]).values()
    append, records = _advance(Change(check, command), stream, actor, now)
    if not records:
        return []
    events = store.append([append], actor=actor)
    Check.objects.filter(pk=check.pk).update(**{name: getattr(check, name) for name in PROJECTED_FIELDS})
    HISTORY.bulk_history_create(records, update=True)
    return events


def execute_first(changes: Sequence[Change], *, actor: Actor, now: datetime) -> list[Event]:
    """Give checks that this transaction has just inserted their first event and history record."""
    advanced = [_advance(change, store.Stream(change.check.pk), actor, now) for change in changes]
    events = store.append([append for append, _ in advanced], actor=actor)
    HISTORY.bulk_history_create([record for _, records in advanced for record in records])
    return events


def _advance(
    change: Change, stream: store.Stream, actor: Actor, now: datetime
) -> tuple[store.Append, list[Check]]:
    """Decide, bring the check to its new state, and return the events with a copy of it after each.

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
        for name, value in projection(state).items():
            setattr(check, name, value)
        records.append(_history_record(check, registry.name_of(payload), actor, moment))
    return store.Append(stream, payloads, moment), records


def _history_record(check: Check, reason: str, actor: Actor, moment: datetime) -> Check:
    record = copy(check)
    record._change_reason = reason
    record._history_date = moment
    # Said even where it is nobody: simple-history would take the user of whatever session sent the request.
    record._history_user = get_user_model()(pk=int(actor.name)) if actor.kind == Actor.STAFF else None
    return record
