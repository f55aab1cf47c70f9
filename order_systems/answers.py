"""Answers kept by Idempotency-Key: the same request gets the same answer and does nothing twice."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Any

from foundation.db.locks import IDEMPOTENCY_KEYS, hold, named
from foundation.errors import ForFarError, gettext_noop
from order_systems.models import StoredAnswer

KEPT = timedelta(days=7)
REMOVED_AT_ONCE = 5000


class IdempotencyKeyReusedError(ForFarError):
    code = "idempotency_key_reused"
    message = gettext_noop("This Idempotency-Key came with another body before.")


@dataclass(frozen=True)
class KeyedRequest:
    """A request with its key, which is the order system's own; None is whoever comes without a token."""

    order_system_id: int | None
    key: str
    body_digest: str


def find_answer(request: KeyedRequest) -> dict[str, Any] | None:
    """Return the answer that this request got before, or None where it is the first with its key.

    Waits for whoever works on a request with this key, and makes others wait until the transaction ends. To
    be the transaction's first statement: whoever waits has no transaction id yet, and holds no feed back.
    Raises IdempotencyKeyReusedError when the key came with another body.
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
    """Keep the answer, in the transaction that writes what it tells of."""
    StoredAnswer.objects.create(
        order_system_id=request.order_system_id,
        key=request.key,
        body_digest=request.body_digest,
        answer=answer,
        created_at=now,
    )


def remove_old_answers(*, now: datetime) -> int:
    """Remove the answers that have been kept long enough, some thousands a statement; return how many."""
    removed = 0
    while ids := list(_old(now).values_list("pk", flat=True)[:REMOVED_AT_ONCE]):
        removed += StoredAnswer.objects.filter(pk__in=ids).delete()[0]
    return removed


def _old(now: datetime) -> Any:
    return StoredAnswer.objects.filter(created_at__lt=now - KEPT).order_by("created_at")
