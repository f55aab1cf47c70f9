"""The filter of printers by when they were last seen."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from checks.services.waiting_work import LastSeen, last_seen_condition
from printers.models import Printer


class LastSeenFilter(admin.SimpleListFilter):
    title = _("last seen")
    parameter_name = "seen"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            (LastSeen.RECENTLY.value, _("recently")),
            (LastSeen.STOPPED.value, _("stopped polling within the last 7 days")),
            (LastSeen.GONE.value, _("silent for more than 7 days")),
            (LastSeen.NEVER.value, _("never seen")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Printer]) -> QuerySet[Printer]:
        """Filter the list. An unknown value shows everything."""
        if self.value() not in {each.value for each in LastSeen}:
            return queryset
        return queryset.filter(last_seen_condition(LastSeen(self.value()), now=timezone.now()))
