"""Parameters that may come in the query string or, in a POST, in a form or a JSON body."""

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from checks.models import MAX_ORDER_ID
from order_systems.models import MAX_IDEMPOTENCY_KEY

IDEMPOTENCY_KEY = "Idempotency-Key"


def sent_parameters(request: Request, name: str) -> list[Any]:
    """Return every value that was sent under this name, wherever it was sent."""
    values: list[Any] = request.query_params.getlist(name)
    if request.method == "POST":
        body = request.data
        values = values + (body.getlist(name) if isinstance(body, QueryDict) else _json_values(body, name))
    return values


def _json_values(body: Any, name: str) -> list[Any]:
    return [body[name]] if name in body else []


def sent_id(request: Request, name: str) -> int | None:
    """Return the id sent under this name, or None for none, several, no number, or one out of range."""
    values = {str(value) for value in sent_parameters(request, name)}
    text = values.pop() if len(values) == 1 else ""
    if not (text.isascii() and text.isdigit() and len(text) < 20):
        return None
    return int(text) if 1 <= int(text) <= MAX_ORDER_ID else None


def sent_idempotency_key(request: Request) -> str | None:
    """Return the Idempotency-Key header, or None where there is none; raises ValidationError for no key."""
    key: str | None = request.headers.get(IDEMPOTENCY_KEY)
    if key is None:
        return None
    if not (1 <= len(key) <= MAX_IDEMPOTENCY_KEY and key.isascii() and key.isprintable()):
        problem = _("From 1 to %(most)s printable ASCII characters are expected.")
        raise ValidationError({IDEMPOTENCY_KEY: [problem % {"most": MAX_IDEMPOTENCY_KEY}]})
    return key
