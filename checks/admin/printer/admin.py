"""The admin of printers."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from checks.admin.printer.filters import LastSeenFilter
from checks.admin.printer.page import printer_page
from foundation.admin.actor import staff_actor
from foundation.admin.bases import HistoryAdmin, LargeListAdmin
from printers.models import Printer
from printers.selectors import last_seen_at
from printers.services import renew_api_key


@admin.register(Printer)
class PrinterAdmin(HistoryAdmin, LargeListAdmin):
    list_display = ("name", "point_id", "check_type", "delivery", "last_seen")
    list_select_related = ("presence",)
    readonly_fields = ("last_seen",)
    list_filter = (LastSeenFilter, "check_type", "delivery")
    search_fields = ("name", "=point_id")
    ordering = ("point_id", "name", "id")
    what_would_be_here = _("The printers of all points. Each is known by its API key.")

    change_form_outer_before_template = "admin/checks/printer/overview.html"

    class Media:
        css = {"all": ("foundation/pages.css",)}

    def get_exclude(self, request: HttpRequest, obj: Printer | None = None) -> tuple[str, ...]:
        """Hide the key of an existing printer: the key is shown once, when it is made."""
        return ("api_key",) if obj else ()

    def get_readonly_fields(self, request: HttpRequest, obj: Printer | None = None) -> Any:
        """Leave out when the printer was last seen while it is being added."""
        return super().get_readonly_fields(request, obj) if obj else ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Printer]:
        queryset: QuerySet[Printer] = super().get_queryset(request)
        return queryset.select_related("presence")

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        *args: Any,
        obj: Printer | None = None,
        **kwargs: Any,
    ) -> HttpResponse:
        page = printer_page(obj, now=timezone.now()) if obj else None
        may_renew_key = self.has_change_permission(request, obj)
        response: HttpResponse = super().render_change_form(
            request, {**context, "page": page, "may_renew_key": may_renew_key}, *args, obj=obj, **kwargs
        )
        return response

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.new_key_view)
        urls: list[Any] = [
            path("<int:printer_id>/new_key/", view, name="printers_printer_new_key"),
            *super().get_urls(),
        ]
        return urls

    @method_decorator(sensitive_variables())
    def new_key_view(self, request: HttpRequest, printer_id: int) -> HttpResponse:
        """Ask first. On the answer make a key and show it in the response, which no browser stores."""
        printer = self.get_object(request, str(printer_id))
        if printer is None:
            raise Http404
        if not self.has_change_permission(request, printer):
            raise PermissionDenied
        context = {**self.admin_site.each_context(request), "opts": self.opts, "printer": printer}
        context["title"] = _("New API key")
        if request.method == "POST":
            actor = staff_actor(request)
            made = renew_api_key(printer_id=printer.pk, actor=actor, now=timezone.now())
            context["api_key"] = made.api_key
        return render(request, "admin/checks/printer/new_key.html", context)

    @admin.display(description=_("last seen"), ordering="presence__last_seen_at", empty_value="–")
    def last_seen(self, printer: Printer) -> str | None:
        seen_at = last_seen_at(printer)
        return date_format(timezone.localtime(seen_at), "d.m.Y H:i:s") if seen_at else None
