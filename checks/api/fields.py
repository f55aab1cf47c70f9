"""Fields of an order that accept two JSON types."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from foundation.http.parsers import MAX_DIGITS
from printers.models import MAX_POINT_ID


@extend_schema_field(
    {
        "oneOf": [
            {"type": "integer", "minimum": 0, "maximum": MAX_POINT_ID},
            {"type": "string", "pattern": "^[0-9]+$"},
        ]
    }
)
class PointIdField(serializers.Field[Any, Any, Any, Any]):
    """A point's number, as an integer or as a string of digits."""

    default_error_messages = {
        "invalid": _("A whole number or a string of digits is expected."),
        "range": _("There can be no point with this number."),
    }

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, str) and data.isascii() and data.isdigit():
            number = int(data) if len(data) <= MAX_DIGITS else MAX_POINT_ID + 1
        elif type(data) is int:
            number = data
        else:
            self.fail("invalid")
        if not 0 <= number <= MAX_POINT_ID:
            self.fail("range")
        return number

    def to_representation(self, value: Any) -> Any:
        return value


@extend_schema_field({"oneOf": [{"type": "string"}, {"type": "integer"}]})
class PhoneField(serializers.Field[Any, Any, Any, Any]):
    """A telephone number, as a string or an integer; order systems send both."""

    default_error_messages = {"invalid": _("A string or a whole number is expected.")}

    def to_internal_value(self, data: Any) -> str | int:
        if isinstance(data, str) or type(data) is int:
            return data
        self.fail("invalid")

    def to_representation(self, value: Any) -> Any:
        return value
