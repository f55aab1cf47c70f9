"""The list of checks: what it shows, finds and filters, and what staff do to the checks in it."""

from collections.abc import Callable
from functools import partial

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from checks import services
from checks.admin.check.acting import reprint
from checks.admin.check.export import CheckExport
from checks.admin.check.filters import CheckFilterSet
from checks.domain.personal_data import may_see_personal_data
from checks.domain.state import Status
from checks.models import Check
from checks.services.reprint import reprinter
from foundation.admin.actor import staff_actor
from foundation.admin.bases import LINK, FilterSetListFilter
from foundation.errors import ForFarError
from foundation.http.errors import sentence
from foundation.ids import id_in
from printers.models import CheckType

BY_STAFF = "by staff"
UNCONFIRMED = {"f-status": "failed", "f-failed_stage": "delivery", "f-failed_reason": "unconfirmed"}
FAILED_RENDERS = {"f-status": "failed", "f-failed_stage": "render"}
WAITING_LONG = {"f-status": "waiting", "f-older_than": "1"}


class CheckListFilter(FilterSetListFilter):
    filterset_class = CheckFilterSet


class CheckList(CheckExport):
    """What the admin of checks is as a list; the page of one check is made from it."""

    list_display = ("order_id", "type", "printer", "point", "status_badge", "status_since", "pdf_link")
    list_filter = (CheckListFilter,)
    list_filter_submit = True
    list_select_related = ("printer",)
    search_fields = ("order_id",)
    search_help_text = _("Order number")
    ordering = ("-id",)
    what_would_be_here = _(
        "Each order gets one check for every printer of its point. They appear here as orders come in, "
        "the newest first."
    )
    actions = ("render_again", "reprint", "mark_printed", "mark_failed")

    saved_views = (
        (_("Unconfirmed"), UNCONFIRMED),
        (_("Failed renders"), FAILED_RENDERS),
        (_("Waiting longer than a minute"), WAITING_LONG),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Check]:
        queryset: QuerySet[Check] = super().get_queryset(request)
        return queryset.defer("order_salt")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Check], search_term: str
    ) -> tuple[QuerySet[Check], bool]:
        """Find an order by its whole number, which an index knows; anything else finds nothing."""
        queryset = queryset.defer("order")  # the list alone comes here, and shows no order
        term = search_term.strip()
        if not term:
            return queryset, False
        order_id = id_in(term)
        return (queryset.none() if order_id is None else queryset.filter(order_id=order_id)), False

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        if may_see_personal_data(request.user):
            return self.list_display
        return tuple("pdf_link_of_kitchen" if name == "pdf_link" else name for name in self.list_display)

    def has_act_permission(self, request: HttpRequest) -> bool:
        """Tell who may act on checks: whoever Django would let change them."""
        return bool(request.user.has_perm("checks.change_check"))

    @admin.action(description=_("Render again what failed"), permissions=["act"])
    def render_again(self, request: HttpRequest, checks: QuerySet[Check]) -> None:
        self._act(request, checks, partial(services.retry_check, reason=BY_STAFF))

    @admin.action(description=_("Offer to the printer once more"), permissions=["act"])
    def reprint(self, request: HttpRequest, checks: QuerySet[Check]) -> None:
        with reprinter() as again:
            self._act(request, checks, partial(reprint, request, again, reason=BY_STAFF))

    @admin.action(description=_("Mark as printed"), permissions=["act"])
    def mark_printed(self, request: HttpRequest, checks: QuerySet[Check]) -> None:
        self._act(request, checks, services.mark_printed)

    @admin.action(description=_("Mark as failed"), permissions=["act"])
    def mark_failed(self, request: HttpRequest, checks: QuerySet[Check]) -> None:
        self._act(request, checks, partial(services.mark_failed, reason=BY_STAFF))

    def _act(self, request: HttpRequest, checks: QuerySet[Check], act: Callable[..., Check]) -> None:
        """Do it to each check by itself, and say which were done and which refused it."""
        actor = staff_actor(request)
        for check in checks:
            try:
                act(check_id=check.pk, actor=actor, now=timezone.now())
            except ForFarError as error:
                self.message_user(request, f"{check}: {sentence(error)}", messages.ERROR)
            else:
                self.message_user(request, _("%(check)s: done") % {"check": check}, messages.SUCCESS)

    @admin.display(description=_("point"))
    def point(self, check: Check) -> int:
        return check.printer.point_id

    @display(
        description=_("status"),
        label={
            Status.NEW.value: "info",
            Status.RENDERED.value: "warning",
            Status.PRINTED.value: "success",
            Status.FAILED.value: "danger",
        },
    )
    def status_badge(self, check: Check) -> tuple[str, str]:
        return check.status, str(check.get_status_display())

    @admin.display(description=_("status since"))
    def status_since(self, check: Check) -> str:
        return date_format(timezone.localtime(check.status_changed_at), "d.m.Y H:i:s")

    @admin.display(description=_("PDF"))
    def pdf_link(self, check: Check) -> str:
        if not check.pdf_file:
            return "–"
        address = reverse("admin:checks_check_pdf", args=[check.pk])
        return format_html(
            '<a class="{}" href="{}" target="_blank">{}</a>', LINK, address, check.document_name
        )

    @admin.display(description=_("PDF"))
    def pdf_link_of_kitchen(self, check: Check) -> str:
        """Leave out the client's PDF, which names the client."""
        return self.pdf_link(check) if check.type == CheckType.KITCHEN else "–"
