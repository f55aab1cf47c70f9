"""JSON as RFC 8259 has it and PostgreSQL can keep it: finite numbers, whole characters, bounded size and depth."""

import json
from collections.abc import Mapping
from math import isfinite
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import JSONParser
from rest_framework.status import HTTP_413_REQUEST_ENTITY_TOO_LARGE

MAX_DEPTH = 50
# PostgreSQL's numeric has 131,072 digits before the point; nobody's order needs a thousandth of that.
MAX_DIGITS = 100


class BodyTooLarge(APIException):
    status_code = HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "body_too_large"

    def __init__(self) -> None:
        super().__init__(_("The body is larger than %(limit)s bytes.") % {"limit": settings.MAX_BODY_BYTES})


class StrictJSONParser(JSONParser):
    """Parse JSON that can be stored and printed as it was sent; raise ParseError or BodyTooLarge for other."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        try:
            body = json.loads(
                _read(stream), parse_float=_number, parse_int=_whole_number, parse_constant=_refuse_constant
            )
            _require_storable(body)
        except RecursionError:
            raise ParseError(_("The JSON is nested too deeply.")) from None
        except ValueError as error:
            raise ParseError(_("The body is not valid JSON: %(problem)s") % {"problem": error}) from None
        return body


def _read(stream: IO[Any]) -> str:
    body: bytes = stream.read(settings.MAX_BODY_BYTES + 1)
    if len(body) > settings.MAX_BODY_BYTES:
        raise BodyTooLarge
    return body.decode("utf-8")


def _number(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise ValueError(_("a number is out of range"))
    return number


def _whole_number(text: str) -> int:
    if len(text) > MAX_DIGITS:
        raise ValueError(_("a number is out of range"))
    return int(text)


def _refuse_constant(text: str) -> None:
    raise ValueError(_("%(text)s is not a number") % {"text": text})


def _require_storable(body: Any) -> None:
    """Raise ValueError for text that UTF-8 or PostgreSQL cannot hold, and for nesting beyond any order's."""
    level = [body]
    for _depth in range(MAX_DEPTH):
        level = [item for value in level for item in _parts_of(value)]
        if not level:
            return
    raise ValueError(_("it is nested too deeply"))


def _parts_of(value: Any) -> list[Any]:
    if isinstance(value, str):
        if "\0" in value or not value.isascii() and _has_surrogate(value):
            raise ValueError(_("a text holds a character that cannot be stored"))
        return []
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    return value if isinstance(value, list) else []


def _has_surrogate(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)
