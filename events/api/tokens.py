"""Tokens to read the log with: made, found, revoked."""

from datetime import datetime
from hmac import compare_digest
from typing import NamedTuple

from django.db import transaction

from events.models import ReaderToken
from foundation.context import Actor
from foundation.tokens import services
from foundation.tokens.secrets import new_secret, secret_hash, shown_part

MARK = "ffr_"


class NewReaderToken(NamedTuple):
    """A token, and its secret, which cannot be had again."""

    token: ReaderToken
    secret: str


@transaction.atomic
def create_token(*, name: str, actor: Actor, now: datetime) -> NewReaderToken:
    """Make a token for a program; whoever asked has to show the secret, once."""
    secret = new_secret(MARK)
    token = ReaderToken(
        name=name, secret_hash=secret_hash(secret), shown_part=shown_part(secret), created_at=now
    )
    services.save_token(token, "created", actor)
    return NewReaderToken(token, secret)


def revoke_token(*, token_id: int, actor: Actor, now: datetime) -> bool:
    """Make a token useless from now on; say whether it was of use until now."""
    return services.revoke_token(token_id=token_id, actor=actor, now=now, kind=ReaderToken)


def token_by_secret(secret: str) -> ReaderToken | None:
    """Return the token that opens the door; None for a secret that is nobody's, or no longer."""
    digest = secret_hash(secret)
    token = ReaderToken.objects.filter(secret_hash=digest, revoked_at__isnull=True).first()
    if token is None or not compare_digest(bytes(token.secret_hash), digest):
        return None
    return token
