"""The columns of the list of checks."""

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from checks.admin.words import NOTHING
from checks.domain.personal_data import may_see_personal_data
from checks.domain.state import Status
from checks.models import Check
from foundation.admin.bases import LINK
from printers.models import CheckType

COLUMNS = ("order_id", "type", "printer", "point", "status_badge", "status_since", "pdf_link")
LABELS = {
    Status.NEW.value: "info",
    Status.RENDERED.value: "warning",
    Status.PRINTED.value: "success",
    Status.FAILED.value: "danger",
}


class ListColumns:
    """Shows order, printer, status and PDF. A client's PDF is left out for those who may not see clients."""

    list_display = COLUMNS

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        if may_see_personal_data(request.user):
            return COLUMNS
        return tuple("kitchen_pdf_link" if name == "pdf_link" else name for name in COLUMNS)

    @admin.display(description=_("point"))
    def point(self, check: Check) -> int:
        return check.printer.point_id

    @display(description=_("status"), label=LABELS)
    def status_badge(self, check: Check) -> tuple[str, str]:
        return check.status, str(check.get_status_display())

    @admin.display(description=_("status since"))
    def status_since(self, check: Check) -> str:
        return date_format(timezone.localtime(check.status_changed_at), "d.m.Y H:i:s")

    @admin.display(description=_("PDF"))
    def pdf_link(self, check: Check) -> str:
        if not check.pdf_file:
            return NOTHING
        address = reverse("admin:checks_check_pdf", args=[check.pk])
        return format_html(
            '<a class="{}" href="{}" target="_blank">{}</a>', LINK, address, check.document_name
        )

    @admin.display(description=_("PDF"))
    def kitchen_pdf_link(self, check: Check) -> str:
        return self.pdf_link(check) if check.type == CheckType.KITCHEN else NOTHING
