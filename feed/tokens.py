"""Tokens to read the log with: made, found, revoked."""

from datetime import datetime, timedelta
from hmac import compare_digest
from typing import NamedTuple

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q

from events.context import Actor
from feed.models import ReaderToken
from order_systems.secrets import new_secret, secret_hash, shown_part

MARK = "ffr_"
USE_NOTED_EVERY = timedelta(minutes=1)


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
    _save(token, "created", actor)
    return NewReaderToken(token, secret)


@transaction.atomic
def revoke_token(*, token_id: int, actor: Actor, now: datetime) -> bool:
    """Make a token useless from now on; say whether it was of use until now."""
    token = ReaderToken.objects.select_for_update().filter(pk=token_id, revoked_at__isnull=True).first()
    if token is None:
        return False
    token.revoked_at = now
    _save(token, "revoked", actor)
    return True


def token_by_secret(secret: str) -> ReaderToken | None:
    """Return the token that opens the door; None for a secret that is nobody's, or no longer."""
    digest = secret_hash(secret)
    token = ReaderToken.objects.filter(secret_hash=digest, revoked_at__isnull=True).first()
    if token is None or not compare_digest(bytes(token.secret_hash), digest):
        return None
    return token


def note_use(*, token: ReaderToken, now: datetime) -> None:
    """Keep when the token was last used, to the minute."""
    before = now - USE_NOTED_EVERY
    if token.last_used_at is None or token.last_used_at < before:
        not_noted = Q(last_used_at__isnull=True) | Q(last_used_at__lt=before)
        ReaderToken.objects.filter(not_noted, pk=token.pk).update(last_used_at=now)


def _save(token: ReaderToken, reason: str, actor: Actor) -> None:
    token._change_reason = reason
    token._history_user = get_user_model()(pk=actor.user_id) if actor.user_id else None
    token.save()
