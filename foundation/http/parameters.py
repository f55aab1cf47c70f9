"""Parameters that may come in the query string or, in a POST, in a form or a JSON body."""

from typing import Any

from django.http import QueryDict
from rest_framework.request import Request

from foundation.ids import id_in


def sent_parameters(request: Request, name: str) -> list[Any]:
    """Return every value that was sent under this name, in the query or the body."""
    values: list[Any] = request.query_params.getlist(name)
    if request.method == "POST":
        body = request.data
        values = values + (body.getlist(name) if isinstance(body, QueryDict) else _json_values(body, name))
    return values


def _json_values(body: Any, name: str) -> list[Any]:
    return [body[name]] if name in body else []


def sent_id(request: Request, name: str) -> int | None:
    """Return the id sent under this name; None for no value, different values, or a value that is no id."""
    values = {str(value) for value in sent_parameters(request, name)}
    text = values.pop() if len(values) == 1 else ""
    return id_in(text)
