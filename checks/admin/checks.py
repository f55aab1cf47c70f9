"""The page of a check."""

import json
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import path
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from checks.admin.check_list import CheckList
from checks.models import Check, CheckType
from checks.pdf_response import pdf_response
from checks.personal_data import may_see_personal_data, without_personal_data
from events import selectors as log
from forfar.admin import HistoryAdmin


@admin.register(Check)
class CheckAdmin(HistoryAdmin, CheckList):
    fields = (
        "order_id",
        "type",
        "printer",
        "status",
        "status_changed_at",
        "lease_expires_at",
        "version",
        "pdf_link",
        "order_text",
    )
    readonly_fields: tuple[str, ...] = (*fields, "order_without_personal_data")
    change_form_before_template = "admin/checks/check/timeline.html"
    history_list_display = ("status", "version")

    def get_fields(self, request: HttpRequest, obj: Check | None = None) -> tuple[str, ...]:
        if may_see_personal_data(request.user):
            return self.fields
        return (*(each for each in self.fields if each != "order_text"), "order_without_personal_data")

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        *args: Any,
        obj: Check | None = None,
        **kwargs: Any,
    ) -> HttpResponse:
        timeline = log.timeline(obj.pk) if obj is not None else []
        response: HttpResponse = super().render_change_form(
            request, {**context, "timeline": timeline}, *args, obj=obj, **kwargs
        )
        return response

    def get_urls(self) -> list[Any]:
        pdf = path("<int:check_id>/pdf/", self.admin_site.admin_view(self.pdf_view), name="checks_check_pdf")
        urls: list[Any] = [pdf, *super().get_urls()]
        return urls

    def pdf_view(self, request: HttpRequest, check_id: int) -> HttpResponseBase:
        """Show the PDF to staff; unlike a printer's download this is no event in the check's life."""
        check = self.get_object(request, str(check_id))
        if check is None or not self.has_view_permission(request, check) or not check.pdf_file:
            raise Http404
        if check.type == CheckType.CLIENT and not may_see_personal_data(request.user):
            raise PermissionDenied
        try:
            document = check.pdf_file.open("rb")
        except FileNotFoundError as error:
            raise Http404 from error
        return pdf_response(check, document)

    @admin.display(description=_("order"))
    def order_text(self, check: Check) -> str:
        return format_html("<pre>{}</pre>", json.dumps(check.order, ensure_ascii=False, indent=2))

    @admin.display(description=_("order, without personal data"))
    def order_without_personal_data(self, check: Check) -> str:
        order = without_personal_data(check.order)
        return format_html("<pre>{}</pre>", json.dumps(order, ensure_ascii=False, indent=2))
