"""Fields that take exactly what the contract says, where REST framework's would convert."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from checks.api.parsers import MAX_DIGITS
from checks.models import MAX_POINT_ID

READABLE = r"\S"  # as the contract has it: more than blanks


class WholeNumberField(serializers.IntegerField):
    """A JSON integer: no text, no fraction, no boolean."""

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int:
            self.fail("invalid")
        return super().to_internal_value(data)


class TextField(serializers.CharField):
    """A JSON string, taken as it is."""

    default_error_messages = {"invalid": _("A string is expected.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(trim_whitespace=False, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


@extend_schema_field({"type": "string", "minLength": 1, "pattern": READABLE})
class NameField(TextField):
    """A JSON string with something in it to read."""

    def run_validation(self, data: Any = serializers.empty) -> Any:
        if isinstance(data, str) and not data.strip():
            self.fail("blank")
        return super().run_validation(data)


class ItemsField(serializers.ListField):
    """A JSON list of bounded length; REST framework's own messages for that have no Russian."""

    default_error_messages = {
        "min_length": _("The list is too short: {min_length} or more are expected."),
        "max_length": _("The list is too long: at most {max_length} are expected."),
    }


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
    """A telephone number, as a string or as an integer; both occur."""

    default_error_messages = {"invalid": _("A string or a whole number is expected.")}

    def to_internal_value(self, data: Any) -> str | int:
        if isinstance(data, str) or type(data) is int:
            return data
        self.fail("invalid")

    def to_representation(self, value: Any) -> Any:
        return value
