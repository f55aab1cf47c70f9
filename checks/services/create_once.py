"""An order with an Idempotency-Key: its checks are created once, however often it is sent."""

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

# The stored digests are made with it: a change would refuse the repeats of a week as other orders.
DIGEST_SALT = "forfar.idempotency-key.order-digest"


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
    """Create the checks of a valid order, or return the answer that this key and order got before.

    1. Wait for requests with the same key; other keys do not wait.
    2. If the key has an answer, return it and write nothing.
    3. Create the checks and store the answer in the same transaction.

    Raises IdempotencyKeyReusedError and the errors of `create_checks`; nothing is written or stored then.
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
    """Return a digest from which nobody can guess the client's name or phone without the SECRET_KEY."""
    salt = salted_hmac(DIGEST_SALT, f"{order_system_id}:{idempotency_key}", algorithm="sha256")
    return order_digest(order, salt.digest())
