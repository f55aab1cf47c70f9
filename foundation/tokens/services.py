"""What happens to every kind of token."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from foundation.attribution import attribute
from foundation.context import Actor
from foundation.tokens.models import SecretToken

USE_NOTED_EVERY = timedelta(minutes=1)


@transaction.atomic
def revoke_token(*, token_id: int, actor: Actor, now: datetime, kind: type[SecretToken]) -> bool:
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
