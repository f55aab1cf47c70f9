"""Reading order systems' tokens."""

from django.db.models import QuerySet

from foundation.tokens.selectors import find_by_secret
from order_systems.models import Token


def usable_tokens() -> QuerySet[Token]:
    """Return the tokens that are not revoked, of active order systems, with their order system."""
    usable = Token.objects.filter(revoked_at__isnull=True, order_system__is_active=True)
    return usable.select_related("order_system")


def token_by_secret(secret: str) -> Token | None:
    """Return the usable token with this secret, or None."""
    return find_by_secret(usable_tokens(), secret)
