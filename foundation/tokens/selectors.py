"""Finding a token by its secret."""

from hmac import compare_digest
from typing import TypeVar

from django.db.models import QuerySet

from foundation.tokens.models import SecretToken
from foundation.tokens.secrets import secret_hash

TokenT = TypeVar("TokenT", bound=SecretToken)


def find_by_secret(usable: QuerySet[TokenT], secret: str) -> TokenT | None:
    """Return the usable token with this secret, or None."""
    digest = secret_hash(secret)
    token = usable.filter(secret_hash=digest).first()
    if token is None or not compare_digest(bytes(token.secret_hash), digest):
        return None
    return token
