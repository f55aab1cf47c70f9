"""Order systems and their tokens."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from foundation.admin.bases import HistoryAdmin
from foundation.tokens.admin import COLUMNS, SecretTokenAdmin
from order_systems.models import OrderSystem, Token
from order_systems.services import MARK


@admin.register(OrderSystem)
class OrderSystemAdmin(HistoryAdmin):
    list_display = ("name", "is_active")
    search_fields = ("name",)
    ordering = ("name",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Token)
class TokenAdmin(SecretTokenAdmin):
    mark = MARK
    owner_field = "order_system"
    list_display = ("shown_part", "order_system", *COLUMNS[1:])
    list_filter = ("order_system",)
    list_select_related = ("order_system",)
