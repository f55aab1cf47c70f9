"""What printers send and get, as described in api.yml.

Help texts and labels are not translated: they appear in api.yml, which is in English.
"""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from checks.models import MAX_ORDER_ID
from foundation.http.fields import READABLE

MAX_REASON = 500


class CheckIdSerializer(serializers.Serializer[dict[str, object]]):
    """The parameters of a printer's call, which may also come in the query string."""

    check_id = serializers.IntegerField(min_value=1, max_value=MAX_ORDER_ID, required=False)
    api_key = serializers.CharField(required=False)


class FailureReportSerializer(CheckIdSerializer):
    reason = serializers.RegexField(READABLE, max_length=MAX_REASON, required=False)


class ReasonSerializer(serializers.Serializer[dict[str, object]]):
    reason = serializers.CharField(
        max_length=MAX_REASON, error_messages={"invalid": _("A string is expected.")}
    )


class ListedCheckSerializer(serializers.Serializer[dict[str, int]]):
    id = serializers.IntegerField()


class NewChecksSerializer(serializers.Serializer[dict[str, object]]):
    checks = ListedCheckSerializer(many=True)
