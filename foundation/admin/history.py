"""The pages that show an object's history. They can only be looked at.

Works around django-simple-history 3.13. Check on upgrade: the names and arguments of the overridden methods,
and whether SIMPLE_HISTORY_REVERT_DISABLED refuses a POST by now.
"""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from simple_history.template_utils import HistoricalRecordContextHelper

from foundation.admin.mixin import AdminMixin
from foundation.ids import id_in

NOTHING = "–"


class HistoryPages(AdminMixin):
    """Refuses to write through the history.

    SIMPLE_HISTORY_REVERT_DISABLED only hides the button. A POST to a history record's page would still write
    the old values over the row, past the events, and would need no more than the permission to view it.
    """

    history_list_display = ("what",)

    def what(self, record: Any) -> str:
        """Say in the list of history records what happened."""
        return str(record.history_change_reason or record.get_history_type_display())

    def get_historical_record_context_helper(
        self, request: HttpRequest, historical_record: Any
    ) -> "RecordFormatter":
        return RecordFormatter(self.model, historical_record)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        _require_id(object_id)
        response: HttpResponse = super().history_view(request, object_id, extra_context)
        return response

    def history_form_view(
        self,
        request: HttpRequest,
        object_id: str,
        version_id: str,
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if request.method != "GET":
            raise PermissionDenied
        _require_id(object_id)
        _require_id(version_id)
        response: HttpResponse = super().history_form_view(request, object_id, version_id, extra_context)
        return response


class RecordFormatter(HistoricalRecordContextHelper):
    """Shows the labels of choices, and moments in the service's time zone."""

    def prepare_delta_change_value(self, change: Any, value: Any) -> Any:
        """Return the value of a field before or after a change as people read it."""
        choices = dict(self.model._meta.get_field(change.field).flatchoices)
        if value is None or value == "":
            return NOTHING
        if isinstance(value, datetime):
            return date_format(timezone.localtime(value), "d.m.Y H:i:s")
        return choices.get(value, value) if choices else value


def _require_id(text: str) -> None:
    """Raise Http404 for an id that the database could not compare with its own."""
    if id_in(text) is None:
        raise Http404
