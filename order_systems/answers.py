"""Answers stored by Idempotency-Key: a repeated request gets the same answer and changes nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Any

from foundation.db.locks import IDEMPOTENCY_KEYS, hold, named
from foundation.errors import ForFarError, gettext_noop
from order_systems.models import StoredAnswer

KEPT = timedelta(days=7)
ANSWERS_PER_DELETE = 5000


class IdempotencyKeyReusedError(ForFarError):
    code = "idempotency_key_reused"
    message = gettext_noop("This Idempotency-Key came with another body before.")


@dataclass(frozen=True)
class KeyedRequest:
    """A request with its key. Each order system has its own keys; None is a sender without a token."""

    order_system_id: int | None
    key: str
    body_digest: str


def find_answer(request: KeyedRequest) -> dict[str, Any] | None:
    """Return the answer that this request got before, or None if it is the first one with its key.

    It locks the key until the transaction ends. It must be the transaction's first statement: while it waits
    for the lock, the transaction has no id and does not hold the feed back.
    Raises IdempotencyKeyReusedError if the key came with another body before.
    """
    hold(named(IDEMPOTENCY_KEYS, f"{request.order_system_id}:{request.key}"))
    found = StoredAnswer.objects.filter(order_system=request.order_system_id, key=request.key).first()
    if found is None:
        return None
    if not compare_digest(found.body_digest, request.body_digest):
        raise IdempotencyKeyReusedError
    answer: dict[str, Any] = found.answer
    return answer


def store_answer(request: KeyedRequest, answer: dict[str, Any], *, now: datetime) -> None:
    """Store the answer, in the transaction that writes what the answer describes."""
    StoredAnswer.objects.create(
        order_system_id=request.order_system_id,
        key=request.key,
        body_digest=request.body_digest,
        answer=answer,
        created_at=now,
    )


def remove_old_answers(*, now: datetime) -> int:
    """Remove answers after their time, some thousands in each statement. Return how many."""
    removed = 0
    while ids := list(_old(now).values_list("pk", flat=True)[:ANSWERS_PER_DELETE]):
        removed += StoredAnswer.objects.filter(pk__in=ids).delete()[0]
    return removed


def _old(now: datetime) -> Any:
    return StoredAnswer.objects.filter(created_at__lt=now - KEPT).order_by("created_at")
