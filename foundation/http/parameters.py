"""Parameters that may come in the query string or, in a POST, in a form or a JSON body."""

from typing import Any

from django.http import QueryDict
from rest_framework.request import Request

from foundation.ids import MAX_BIGINT


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
    return int(text) if 1 <= int(text) <= MAX_BIGINT else None
