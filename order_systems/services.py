"""What changes order systems' tokens."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q

from events.context import Actor
from forfar.attribution import attribute
from order_systems.models import OrderSystem, SecretToken, Token
from order_systems.secrets import new_secret, secret_hash, shown_part

USE_NOTED_EVERY = timedelta(minutes=1)


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


@transaction.atomic
def revoke_token(*, token_id: int, actor: Actor, now: datetime, kind: type[SecretToken] = Token) -> bool:
    """Make a token useless from now on; say whether it was of use until now."""
    unrevoked = kind._default_manager.filter(pk=token_id, revoked_at__isnull=True)
    token = unrevoked.select_for_update().first()
    if token is None:
        return False
    token.revoked_at = now
    save_token(token, "revoked", actor)
    return True


def note_use(*, token: SecretToken, now: datetime) -> None:
    """Keep when the token was last used, to the minute; a busy system costs one write a minute."""
    before = now - USE_NOTED_EVERY
    if token.last_used_at is None or token.last_used_at < before:
        not_noted = Q(last_used_at__isnull=True) | Q(last_used_at__lt=before)
        type(token)._default_manager.filter(not_noted, pk=token.pk).update(last_used_at=now)


def save_token(token: SecretToken, reason: str, actor: Actor) -> None:
    """Save the token, and in its history who did it and why."""
    attribute(token, reason=reason, actor=actor)
    token.save()
