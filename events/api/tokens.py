"""Tokens to read the log with."""

from datetime import datetime

from django.db.models import QuerySet

from events.models import ReaderToken
from foundation.context import Actor
from foundation.tokens import services
from foundation.tokens.selectors import find_by_secret

MARK = "ffr_"

NewReaderToken = services.NewToken[ReaderToken]


def create_token(*, name: str, actor: Actor, now: datetime) -> NewReaderToken:
    """Make a token for a program. The caller shows the secret once."""
    return services.create_token(ReaderToken(name=name), mark=MARK, actor=actor, now=now)


def revoke_token(*, token_id: int, actor: Actor, now: datetime) -> bool:
    """Make a token useless from now on; return False if there is no such token or it was revoked before."""
    return services.revoke_token(token_id=token_id, actor=actor, now=now, kind=ReaderToken)


def usable_tokens() -> QuerySet[ReaderToken]:
    return ReaderToken.objects.filter(revoked_at__isnull=True)


def token_by_secret(secret: str) -> ReaderToken | None:
    """Return the usable token with this secret, or None."""
    return find_by_secret(usable_tokens(), secret)
