"""What changes order systems' tokens."""

from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from foundation.context import Actor
from foundation.tokens.secrets import new_secret, secret_hash, shown_part
from foundation.tokens.services import save_token
from order_systems.models import OrderSystem, Token


class NewToken(NamedTuple):
    """A token, and its secret, which cannot be had again."""

    token: Token
    secret: str


@transaction.atomic
def create_token(*, order_system: OrderSystem, actor: Actor, now: datetime) -> NewToken:
    """Make a token for this order system; whoever asked has to show the secret, once."""
    secret = new_secret()
    token = Token(
        order_system=order_system,
        secret_hash=secret_hash(secret),
        shown_part=shown_part(secret),
        created_at=now,
    )
    save_token(token, "created", actor)
    return NewToken(token, secret)
