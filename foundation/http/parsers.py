"""JSON of RFC 8259 that PostgreSQL can store: finite numbers, whole characters, limited depth.

Printers may report with forms too. The same size limit holds for them.
"""

import json
from collections.abc import Mapping
from io import BytesIO
from math import isfinite
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser, FormParser, JSONParser, MultiPartParser

MAX_DEPTH = 50
# PostgreSQL's numeric takes 131,072 digits before the point. No order needs a thousandth of that.
MAX_DIGITS = 100


class StrictJSONParser(JSONParser):
    """Parse a JSON object that can be stored and printed as sent. Raises ParseError or RequestDataTooBig."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        try:
            body = json.loads(
                _whole_body(stream, parser_context).decode("utf-8"),
                parse_float=_number,
                parse_int=_whole_number,
                parse_constant=_refuse_constant,
            )
            _require_storable(body)
        except RecursionError:
            raise ParseError(_("The JSON is nested too deeply.")) from None
        except ValueError as error:
            raise ParseError(
                _("The body cannot be accepted as JSON: %(problem)s.") % {"problem": _problem(error)}
            ) from None
        return body


class _BoundedForm(BaseParser):
    """Limit the size of files in a form, which neither Django nor REST framework does."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        whole = BytesIO(_whole_body(stream, parser_context))
        try:
            return super().parse(whole, media_type, parser_context)
        except ParseError:
            raise ParseError(_("The form cannot be read.")) from None


class BoundedFormParser(_BoundedForm, FormParser):
    """Parse a form of limited size."""


class BoundedMultiPartParser(_BoundedForm, MultiPartParser):
    """Parse a multipart form of limited size."""


def _problem(error: ValueError) -> str:
    if isinstance(error, UnicodeDecodeError):
        return _("byte %(position)s is not UTF-8") % {"position": error.start + 1}
    if isinstance(error, json.JSONDecodeError):
        return _("see line %(line)s, column %(column)s") % {"line": error.lineno, "column": error.colno}
    return str(error)


def _whole_body(stream: IO[Any], parser_context: Mapping[str, Any] | None) -> bytes:
    """Read the whole body. Raises ParseError if it was cut, RequestDataTooBig if it is too long.

    A connection that breaks leaves a shorter body: `check_id=118` cut to `check_id=11` is another check.
    """
    announced = int((parser_context or {})["request"].META.get("CONTENT_LENGTH") or 0)
    body: bytes = stream.read(settings.MAX_BODY_BYTES + 1)
    if max(announced, len(body)) > settings.MAX_BODY_BYTES:
        raise RequestDataTooBig
    if len(body) < announced:
        raise ParseError(_("The body ended before its announced length; send the request again."))
    return body


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
    """Raise ValueError unless it is an object, not nested too deeply, whose text can be stored."""
    if not isinstance(body, dict):
        raise ValueError(_("an object is expected"))
    level: list[Any] = [body]
    for _depth in range(MAX_DEPTH):
        level = [item for value in level for item in _parts_of(value)]
        if not level:
            return
    raise ValueError(_("it is nested too deeply"))


def _parts_of(value: Any) -> list[Any]:
    if isinstance(value, str):
        if "\0" in value or (not value.isascii() and _has_surrogate(value)):
            raise ValueError(_("a text holds a character that cannot be stored"))
        return []
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    return value if isinstance(value, list) else []


def _has_surrogate(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)
