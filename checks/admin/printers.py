"""The admin of printers."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from checks.models import Printer, PrinterSighting
from forfar.admin import HistoryAdmin, LargeListAdmin


@admin.register(Printer)
class PrinterAdmin(HistoryAdmin, LargeListAdmin):
    list_display = ("name", "point_id", "check_type", "delivery", "last_seen")
    list_select_related = ("sighting",)
    readonly_fields = ("last_seen",)
    list_filter = ("check_type", "delivery")
    search_fields = ("name", "=point_id")
    ordering = ("point_id", "name", "id")
    what_would_be_here = _(
        "The printers of all points, each with the key by which it is known, and when it was last heard."
    )

    def get_exclude(self, request: HttpRequest, obj: Printer | None = None) -> tuple[str, ...]:
        """Keep the key, with which anybody is the printer, from those who may only look."""
        if self.has_change_permission(request, obj) or (obj is None and self.has_add_permission(request)):
            return ()
        return ("api_key",)

    @admin.display(description=_("last seen"), ordering="sighting__seen_at", empty_value="–")
    def last_seen(self, printer: Printer) -> str | None:
        sighting: PrinterSighting | None = getattr(printer, "sighting", None)
        return date_format(timezone.localtime(sighting.seen_at), "d.m.Y H:i:s") if sighting else None
