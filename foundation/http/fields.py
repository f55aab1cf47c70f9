"""Fields that accept exactly what the contract says. REST framework's own would convert."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

READABLE = r"\S"  # in the contract: more than blanks


class WholeNumberField(serializers.IntegerField):
    """A JSON integer: not a string, fraction or boolean."""

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int:
            self.fail("invalid")
        return super().to_internal_value(data)


class TextField(serializers.CharField):
    """A JSON string, kept as it is."""

    default_error_messages = {"invalid": _("A string is expected.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(trim_whitespace=False, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


@extend_schema_field({"type": "string", "minLength": 1, "pattern": READABLE})
class NameField(TextField):
    """A JSON string that is not blank."""

    def run_validation(self, data: Any = serializers.empty) -> Any:
        if isinstance(data, str) and not data.strip():
            self.fail("blank")
        return super().run_validation(data)


class ItemsField(serializers.ListField):
    """A JSON list of limited length. REST framework's messages for that are not translated into Russian."""

    default_error_messages = {
        "min_length": _("The list is too short: {min_length} or more are expected."),
        "max_length": _("The list is too long: at most {max_length} are expected."),
    }
