"""What printers can be filtered by beside their own fields."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from checks.services.waiting_work import Heard, heard_like
from printers.models import Printer


class HeardFilter(admin.SimpleListFilter):
    title = _("last seen")
    parameter_name = "heard"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            (Heard.LATELY.value, _("lately")),
            (Heard.STOPPED.value, _("stopped polling within the last 7 days")),
            (Heard.GONE.value, _("silent for more than 7 days")),
            (Heard.NEVER.value, _("never heard")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Printer]) -> QuerySet[Printer]:
        """Filter, or leave the list as it is for a value that is none."""
        if self.value() not in {each.value for each in Heard}:
            return queryset
        return queryset.filter(heard_like(Heard(self.value()), now=timezone.now()))
