"""What an admin allows, whatever permissions a user has."""

from typing import Any

from django.http import HttpRequest

from foundation.admin.mixin import AdminMixin


class ReadOnly(AdminMixin):
    """Shows objects and lets nobody add, change or delete them."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
