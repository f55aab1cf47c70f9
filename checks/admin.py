"""Printers and checks for support staff. A check changes through `checks.services` alone."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display

from checks import services
from checks.filters import CheckFilterSet
from checks.models import MAX_ORDER_ID, Check, Printer, PrinterSighting
from checks.pdf_response import pdf_response
from checks.state import Status
from events import selectors as log
from events.context import Actor
from forfar.admin import FilterSetListFilter, HistoryAdmin, ReadOnlyAdmin
from forfar.api_errors import sentence
from forfar.errors import ForFarError

BY_STAFF = "by staff"


class CheckListFilter(FilterSetListFilter):
    filterset_class = CheckFilterSet


@admin.register(Printer)
class PrinterAdmin(HistoryAdmin, ModelAdmin):
    list_display = ("name", "point_id", "check_type", "delivery", "last_seen")
    list_select_related = ("sighting",)
    readonly_fields = ("last_seen",)
    list_filter = ("check_type", "delivery")
    search_fields = ("name", "=point_id")
    ordering = ("point_id", "name")

    @admin.display(description=_("last seen"), ordering="sighting__seen_at", empty_value="–")
    def last_seen(self, printer: Printer) -> str | None:
        sighting: PrinterSighting | None = getattr(printer, "sighting", None)
        return date_format(timezone.localtime(sighting.seen_at), "d.m.Y H:i:s") if sighting else None


@admin.register(Check)
class CheckAdmin(HistoryAdmin, ReadOnlyAdmin):
    list_display = ("order_id", "type", "printer", "point", "status_badge", "status_changed_at", "pdf_link")
    list_filter = (CheckListFilter,)
    list_filter_submit = True
    list_select_related = ("printer",)
    search_fields = ("order_id",)
    search_help_text = _("Order number")
    ordering = ("-id",)
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
    readonly_fields = fields
    change_form_before_template = "admin/checks/check/timeline.html"
    history_list_display = ("status", "version")
    actions = ("render_again", "reprint", "mark_printed", "mark_failed")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Check]:
        queryset: QuerySet[Check] = super().get_queryset(request)
        return queryset.defer("order_salt")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Check], search_term: str
    ) -> tuple[QuerySet[Check], bool]:
        """Find an order by its whole number, which an index knows; anything else finds nothing."""
        term = search_term.strip()
        if not term:
            return queryset, False
        if not (term.isascii() and term.isdigit() and len(term) < 20 and int(term) <= MAX_ORDER_ID):
            return queryset.none(), False
        return queryset.filter(order_id=int(term)), False

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

    def has_act_permission(self, request: HttpRequest) -> bool:
        """Tell who may act on checks: whoever Django would let change them."""
        return bool(request.user.has_perm("checks.change_check"))

    @admin.action(description=_("Render again what failed"), permissions=["act"])
    def render_again(self, request: HttpRequest, checks: QuerySet[Check]) -> None:
        self._act(request, checks, partial(services.retry_check, reason=BY_STAFF))

    @admin.action(description=_("Offer to the printer once more"), permissions=["act"])
    def reprint(self, request: HttpRequest, checks: QuerySet[Check]) -> None:
        self._act(request, checks, partial(services.reprint_check, reason=BY_STAFF))

    @admin.action(description=_("Mark as printed"), permissions=["act"])
    def mark_printed(self, request: HttpRequest, checks: QuerySet[Check]) -> None:
        self._act(request, checks, services.mark_printed)

    @admin.action(description=_("Mark as failed"), permissions=["act"])
    def mark_failed(self, request: HttpRequest, checks: QuerySet[Check]) -> None:
        self._act(request, checks, partial(services.mark_failed, reason=BY_STAFF))

    def _act(self, request: HttpRequest, checks: QuerySet[Check], act: Callable[..., Check]) -> None:
        """Do it to each check by itself, and say which were done and which refused it."""
        actor = Actor.staff(int(request.user.pk or 0))
        for check in checks:
            try:
                act(check_id=check.pk, actor=actor, now=timezone.now())
            except ForFarError as error:
                self.message_user(request, f"{check}: {sentence(error)}", messages.ERROR)
            else:
                self.message_user(request, _("%(check)s: done") % {"check": check}, messages.SUCCESS)

    def get_urls(self) -> list[Any]:
        pdf = path("<int:check_id>/pdf/", self.admin_site.admin_view(self.pdf_view), name="checks_check_pdf")
        urls: list[Any] = [pdf, *super().get_urls()]
        return urls

    def pdf_view(self, request: HttpRequest, check_id: int) -> HttpResponseBase:
        """Show the PDF to staff; unlike a printer's download this is no event in the check's life."""
        check = self.get_object(request, str(check_id))
        if check is None or not self.has_view_permission(request, check) or not check.pdf_file:
            raise Http404
        try:
            document = check.pdf_file.open("rb")
        except FileNotFoundError as error:
            raise Http404 from error
        return pdf_response(check, document)

    @admin.display(description=_("point"), ordering="printer__point_id")
    def point(self, check: Check) -> int:
        return check.printer.point_id

    @display(
        description=_("status"),
        ordering="status",
        label={
            Status.NEW.value: "info",
            Status.RENDERED.value: "warning",
            Status.PRINTED.value: "success",
            Status.FAILED.value: "danger",
        },
    )
    def status_badge(self, check: Check) -> tuple[str, str]:
        return check.status, str(check.get_status_display())

    @admin.display(description=_("PDF"))
    def pdf_link(self, check: Check) -> str:
        if not check.pdf_file:
            return "–"
        address = reverse("admin:checks_check_pdf", args=[check.pk])
        return format_html('<a href="{}" target="_blank">{}</a>', address, check.document_name)

    @admin.display(description=_("order"))
    def order_text(self, check: Check) -> str:
        return format_html("<pre>{}</pre>", json.dumps(check.order, ensure_ascii=False, indent=2))
