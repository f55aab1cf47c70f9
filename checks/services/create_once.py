"""An order with an Idempotency-Key: however often it is sent, its checks are created once."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.crypto import salted_hmac

from checks.domain.order_digest import order_digest
from checks.models import Check
from checks.services.create import create_checks
from foundation.context import Actor
from order_systems import answers
from order_systems.answers import KeyedRequest


@transaction.atomic
def create_checks_once(
    *,
    order: Mapping[str, Any],
    order_system_id: int | None,
    idempotency_key: str,
    answer_to: Callable[[list[Check]], dict[str, Any]],
    actor: Actor,
    now: datetime,
) -> dict[str, Any]:
    """Create the checks of a valid order, or give the answer that this key and order got before.

    1. Wait for whoever works on the same key; other keys are not held up.
    2. Where the key has an answer, give that; nothing is written.
    3. Create the checks and store the answer to them in one transaction: neither is there without the other.

    Raises IdempotencyKeyReusedError, and what `create_checks` raises; then nothing is written or stored.
    """
    digest = _digest(order, order_system_id, idempotency_key)
    request = KeyedRequest(order_system_id, idempotency_key, digest)
    given = answers.find_answer(request)
    if given is not None:
        return given
    answer = answer_to(create_checks(order=order, actor=actor, now=now))
    answers.store_answer(request, answer, now=now)
    return answer


def _digest(order: Mapping[str, Any], order_system_id: int | None, idempotency_key: str) -> str:
    """A digest that tells nothing of the client's name and phone to whoever has the database alone."""
    salt = salted_hmac(__name__, f"{order_system_id}:{idempotency_key}", algorithm="sha256")
    return order_digest(order, salt.digest())
