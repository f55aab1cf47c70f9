"""What happens to every kind of token."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from django.db import transaction
from django.db.models import Q

from foundation.attribution import attribute
from foundation.context import Actor
from foundation.tokens.models import SecretToken
from foundation.tokens.secrets import new_secret, secret_hash, shown_part

USE_NOTED_EVERY = timedelta(minutes=1)

TokenT = TypeVar("TokenT", bound=SecretToken)


@dataclass(frozen=True)
class NewToken(Generic[TokenT]):
    """A token and its secret, which is not stored."""

    token: TokenT
    secret: str


@transaction.atomic
def create_token(token: TokenT, *, mark: str, actor: Actor, now: datetime) -> NewToken[TokenT]:
    """Give a new token a secret that begins with `mark`, and save it. The caller shows the secret once."""
    secret = new_secret(mark)
    token.secret_hash, token.shown_part, token.created_at = secret_hash(secret), shown_part(secret), now
    _save(token, "created", actor)
    return NewToken(token, secret)


@transaction.atomic
def revoke_token(*, token_id: int, actor: Actor, now: datetime, kind: type[SecretToken]) -> bool:
    """Make a token useless from now on; return False if there is no such token or it was revoked before."""
    unrevoked = kind._default_manager.filter(pk=token_id, revoked_at__isnull=True)
    token = unrevoked.select_for_update().first()
    if token is None:
        return False
    token.revoked_at = now
    _save(token, "revoked", actor)
    return True


def note_use(*, token: SecretToken, now: datetime) -> None:
    """Record when the token was last used, to the minute: a busy system costs one write a minute."""
    before = now - USE_NOTED_EVERY
    if token.last_used_at is None or token.last_used_at < before:
        not_noted = Q(last_used_at__isnull=True) | Q(last_used_at__lt=before)
        type(token)._default_manager.filter(not_noted, pk=token.pk).update(last_used_at=now)


def _save(token: SecretToken, reason: str, actor: Actor) -> None:
    """Save the token, with who did it and why in its history."""
    attribute(token, reason=reason, actor=actor)
    token.save()
