"""What is read of order systems and their tokens."""

from hmac import compare_digest

from django.db.models import QuerySet

from foundation.tokens.secrets import secret_hash
from order_systems.models import Token


def usable_tokens() -> QuerySet[Token]:
    """Tokens that open the door: not revoked, of an order system that is active."""
    return Token.objects.filter(revoked_at__isnull=True, order_system__is_active=True)


def token_by_secret(secret: str) -> Token | None:
    """Return the usable token with its order system; None for a secret that is nobody's, or no longer."""
    digest = secret_hash(secret)
    token = usable_tokens().select_related("order_system").filter(secret_hash=digest).first()
    if token is None or not compare_digest(bytes(token.secret_hash), digest):
        return None
    return token
