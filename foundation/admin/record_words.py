"""What a history record changed, as people read it."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from simple_history.template_utils import HistoricalRecordContextHelper

NOTHING = "–"


class RecordWords(HistoricalRecordContextHelper):
    """Writes choices by their labels, and moments in the zone of the service."""

    def prepare_delta_change_value(self, change: Any, value: Any) -> Any:
        """Return the value of one field before or after the change, ready to be shown."""
        choices = dict(self.model._meta.get_field(change.field).flatchoices)
        if value is None or value == "":
            return NOTHING
        if isinstance(value, datetime):
            return date_format(timezone.localtime(value), "d.m.Y H:i:s")
        return choices.get(value, value) if choices else value
