"""What goes over the wire, as api.yml has it.

Help texts and labels end up in api.yml, which is in English: they are not translated.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from checks.api.fields import (
    READABLE,
    ItemsField,
    NameField,
    PhoneField,
    PointIdField,
    TextField,
    WholeNumberField,
)
from checks.models import MAX_ORDER_ID, CheckType
from checks.state import Status

MAX_ITEMS = 500
MAX_REASON = 500

CHECK_TYPES = [
    (CheckType.KITCHEN.value, "what to cook"),
    (CheckType.CLIENT.value, "what to pay"),
]
STATUSES = [
    (Status.NEW.value, "its PDF is being rendered"),
    (Status.RENDERED.value, "its PDF waits for the printer, or for the printer's confirmation"),
    (Status.PRINTED.value, "it is on paper"),
    (Status.FAILED.value, "a person has to look"),
]


class ItemSerializer(serializers.Serializer[dict[str, object]]):
    name = NameField()
    quantity = WholeNumberField(min_value=1, max_value=MAX_ORDER_ID)
    unit_price = WholeNumberField(min_value=0, max_value=MAX_ORDER_ID)


class ClientSerializer(serializers.Serializer[dict[str, object]]):
    name = TextField(allow_blank=True)
    phone = PhoneField()


class OrderSerializer(serializers.Serializer[dict[str, object]]):
    """An order as order systems send it. Fields that are not named here are kept with it and ignored."""

    id = WholeNumberField(min_value=1, max_value=MAX_ORDER_ID)
    point_id = PointIdField()
    items = ItemsField(child=ItemSerializer(), min_length=1, max_length=MAX_ITEMS)
    price = WholeNumberField(min_value=0, max_value=MAX_ORDER_ID, help_text="The total, printed as sent.")
    address = TextField(allow_blank=True)
    client = ClientSerializer()


# Made once: a serializer copies all its fields when it is made, and takes longer for that than for an order.
ORDER = OrderSerializer()


class CheckIdSerializer(serializers.Serializer[dict[str, object]]):
    """The parameters of a printer's call; they may come in the query string as well."""

    check_id = serializers.IntegerField(min_value=1, max_value=MAX_ORDER_ID, required=False)
    api_key = serializers.CharField(required=False)


class FailureReportSerializer(CheckIdSerializer):
    reason = serializers.RegexField(READABLE, max_length=MAX_REASON, required=False)


class ReasonSerializer(serializers.Serializer[dict[str, object]]):
    reason = serializers.CharField(
        max_length=MAX_REASON, error_messages={"invalid": _("A string is expected.")}
    )


class CreatedCheckSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    type = serializers.ChoiceField(choices=CHECK_TYPES)
    printer_id = serializers.IntegerField()


class CheckStatusSerializer(CreatedCheckSerializer):
    status = serializers.ChoiceField(choices=STATUSES)
    version = serializers.IntegerField(min_value=1, help_text="The number of the check's last event.")
    status_changed_at = serializers.DateTimeField()


class ListedCheckSerializer(serializers.Serializer[dict[str, int]]):
    id = serializers.IntegerField()


class DoneSerializer(serializers.Serializer[dict[str, str]]):
    ok = serializers.CharField()


class ChecksCreatedSerializer(DoneSerializer):
    checks = CreatedCheckSerializer(many=True)


class NewChecksSerializer(serializers.Serializer[dict[str, object]]):
    checks = ListedCheckSerializer(many=True)


class OrderChecksSerializer(serializers.Serializer[dict[str, object]]):
    checks = CheckStatusSerializer(many=True)


class RefusalSerializer(serializers.Serializer[dict[str, object]]):
    """Every refusal has the one sentence; the rest is there where it says more."""

    error = serializers.CharField(help_text="One sentence for a person, in Russian or English.")
    code = serializers.CharField(required=False, help_text="Stable, for programs.")
    details = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="Messages by field.",
    )
