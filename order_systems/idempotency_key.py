"""The Idempotency-Key header of a request."""

from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from order_systems.models import MAX_IDEMPOTENCY_KEY

IDEMPOTENCY_KEY = "Idempotency-Key"


def sent_idempotency_key(request: Request) -> str | None:
    """Return the Idempotency-Key header, or None. Raises ValidationError if it is not a valid key."""
    key: str | None = request.headers.get(IDEMPOTENCY_KEY)
    if key is None:
        return None
    if not (1 <= len(key) <= MAX_IDEMPOTENCY_KEY and key.isascii() and key.isprintable()):
        problem = _("From 1 to %(most)s printable ASCII characters are expected.")
        raise ValidationError({IDEMPOTENCY_KEY: [problem % {"most": MAX_IDEMPOTENCY_KEY}]})
    return key
