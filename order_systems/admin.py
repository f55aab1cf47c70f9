"""Order systems and their tokens. A token is shown when it is made, and never again."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables
from unfold.admin import ModelAdmin

from foundation.admin.actor import staff_actor
from foundation.admin.bases import HistoryAdmin
from foundation.tokens.services import revoke_token
from order_systems import services
from order_systems.models import OrderSystem, Token


@admin.register(OrderSystem)
class OrderSystemAdmin(HistoryAdmin, ModelAdmin):
    list_display = ("name", "is_active")
    search_fields = ("name",)
    ordering = ("name",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Token)
class TokenAdmin(HistoryAdmin, ModelAdmin):
    list_display = ("shown_part", "order_system", "created_at", "last_used_at", "revoked_at")
    list_filter = ("order_system",)
    list_select_related = ("order_system",)
    ordering = ("-id",)
    fields = ("order_system", "shown_part", "created_at", "last_used_at", "revoked_at")
    readonly_fields = ("shown_part", "created_at", "last_used_at", "revoked_at")
    actions = ("revoke",)

    def get_fields(self, request: HttpRequest, obj: Token | None = None) -> Any:
        return self.fields if obj else ("order_system",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        """Tell who may revoke tokens: whoever Django would let change them."""
        return bool(request.user.has_perm("order_systems.change_token"))

    @sensitive_variables()
    def save_model(self, request: HttpRequest, obj: Token, form: "ModelForm[Token]", change: bool) -> None:
        made = services.create_token(
            order_system=obj.order_system, actor=staff_actor(request), now=timezone.now()
        )
        obj.pk, obj.shown_part = made.token.pk, made.token.shown_part
        request.new_secret = made.secret  # type: ignore[attr-defined]

    def response_add(
        self, request: HttpRequest, obj: Token, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Show the secret in this answer, which no browser keeps; a message would lie in a cookie."""
        context = {
            **self.admin_site.each_context(request),
            "title": _("The new token"),
            "token": obj,
            "secret": request.new_secret,  # type: ignore[attr-defined]
        }
        return render(request, "admin/order_systems/new_token.html", context)

    @admin.action(description=_("Revoke"), permissions=["revoke"])
    def revoke(self, request: HttpRequest, tokens: QuerySet[Token]) -> None:
        now = timezone.now()
        revoked = sum(
            revoke_token(kind=Token, token_id=token.pk, actor=staff_actor(request), now=now)
            for token in tokens
        )
        self.message_user(request, _("Revoked: %(count)s") % {"count": revoked}, messages.SUCCESS)
