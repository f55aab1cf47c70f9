"""Users and groups in the admin."""

from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from foundation.admin.bases import BaseAdmin

admin.site.index_title = _("Home")
admin.site.unregister([get_user_model(), Group])


@admin.register(get_user_model())
class StaffAdmin(UserAdmin, BaseAdmin):  # type: ignore[type-arg]  # generic in the stubs alone
    """Users are never deleted, because the history names them. Make staff who leave inactive.

    Deleting a user would clear the name from history records, which the application's role must not change.
    """

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Group)
class StaffGroupAdmin(GroupAdmin, BaseAdmin):
    """Django's groups with Unfold's look."""
