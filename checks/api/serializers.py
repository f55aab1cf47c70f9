"""What goes over the wire, as described in api.yml.

Help texts and labels are not translated: they appear in api.yml, which is in English.
"""

from typing import Any

from rest_framework import serializers

from checks.api.fields import PhoneField, PointIdField
from checks.domain.state import Status
from checks.models import MAX_ORDER_ID
from foundation.http.fields import ItemsField, NameField, TextField, WholeNumberField
from foundation.http.serializers import DoneSerializer
from printers.models import CheckType

MAX_ITEMS = 500

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
    """An order as order systems send it. Other fields are kept with it and ignored."""

    id = WholeNumberField(min_value=1, max_value=MAX_ORDER_ID)
    point_id = PointIdField()
    items = ItemsField(child=ItemSerializer(), min_length=1, max_length=MAX_ITEMS)
    price = WholeNumberField(min_value=0, max_value=MAX_ORDER_ID, help_text="The total, printed as sent.")
    address = TextField(allow_blank=True)
    client = ClientSerializer()


# Made once: making a serializer copies all fields, which takes longer than validating an order.
ORDER = OrderSerializer()


class CreatedCheckSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    type = serializers.ChoiceField(choices=CHECK_TYPES)
    printer_id = serializers.IntegerField()


class CheckStatusSerializer(CreatedCheckSerializer):
    status = serializers.ChoiceField(choices=STATUSES)
    version = serializers.IntegerField(min_value=1, help_text="The number of the check's last event.")
    status_changed_at = serializers.DateTimeField()


class ChecksCreatedSerializer(DoneSerializer):
    checks = CreatedCheckSerializer(many=True)


class OrderChecksSerializer(serializers.Serializer[dict[str, object]]):
    checks = CheckStatusSerializer(many=True)
