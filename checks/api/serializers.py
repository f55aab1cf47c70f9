"""What goes over the wire, as the contract has it."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from checks.api.fields import NameField, PhoneField, PointIdField, TextField, WholeNumberField
from checks.models import MAX_ORDER_ID, Check

MAX_ITEMS = 500
MAX_REASON = 500


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
    items = serializers.ListField(child=ItemSerializer(), min_length=1, max_length=MAX_ITEMS)
    price = WholeNumberField(min_value=0, max_value=MAX_ORDER_ID, help_text=_("The total, printed as sent."))
    address = TextField(allow_blank=True)
    client = ClientSerializer()


class OrderIdSerializer(serializers.Serializer[dict[str, object]]):
    order_id = serializers.IntegerField(min_value=1, max_value=MAX_ORDER_ID)


class CheckIdSerializer(serializers.Serializer[dict[str, object]]):
    """The parameters of a printer's call; they may come in the query string as well."""

    check_id = serializers.IntegerField(min_value=1, max_value=MAX_ORDER_ID, required=False)
    api_key = serializers.CharField(required=False)


class FailureReportSerializer(CheckIdSerializer):
    reason = serializers.CharField(max_length=MAX_REASON, required=False)


class ReasonSerializer(serializers.Serializer[dict[str, object]]):
    reason = serializers.CharField(max_length=MAX_REASON)


class CreatedCheckSerializer(serializers.ModelSerializer[Check]):
    class Meta:
        model = Check
        fields = ("id", "type", "printer_id")


class CheckStatusSerializer(serializers.ModelSerializer[Check]):
    class Meta:
        model = Check
        fields = ("id", "type", "printer_id", "status", "version", "status_changed_at")


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
    error = serializers.CharField(help_text=_("One sentence for a person."))
    code = serializers.CharField(required=False, help_text=_("Stable, for programs."))
    details = serializers.DictField(required=False, help_text=_("Messages by field."))
