"""The export of the checks in the list as a CSV file."""

import logging
from typing import Any

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from checks.admin.check.csv_rows import csv_of_checks
from checks.domain.personal_data import may_see_personal_data
from foundation.admin.list_filter import FilterSetListFilter
from foundation.admin.mixin import AdminMixin

logger = logging.getLogger(__name__)
LIST = "admin:checks_check_changelist"


class CsvExport(AdminMixin):
    """Exports what the list shows with its filters."""

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request) and request.user.has_perm("checks.export_check")

    def export_view(self, request: HttpRequest) -> HttpResponseBase:
        if not self.has_export_permission(request):
            raise PermissionDenied
        try:
            shown = self.get_changelist_instance(request)
        except IncorrectLookupParameters:
            return redirect(LIST)
        if not all(_is_valid(each) for each in shown.filter_specs):
            messages.error(request, _("Nothing was exported: correct the filters first."))
            return redirect(f"{reverse(LIST)}?{request.GET.urlencode()}")
        with_personal_data = may_see_personal_data(request.user)
        logger.info("staff:%s exports checks, personal data: %s", request.user.pk, with_personal_data)
        return StreamingHttpResponse(
            csv_of_checks(shown.queryset, with_personal_data=with_personal_data),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="checks.csv"', "Cache-Control": "no-store"},
        )


def export_address(request: HttpRequest) -> str:
    """Return the address of the export with the list's filters, relative to the list."""
    query = request.GET.copy()
    query.pop("p", None)
    return f"export/?{query.urlencode()}"


def _is_valid(spec: Any) -> bool:
    return not isinstance(spec, FilterSetListFilter) or bool(spec.filterset.is_valid())
