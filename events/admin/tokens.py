"""Tokens to read the log with. A token is shown when it is made, and never again."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from events.api import tokens
from events.models import ReaderToken
from foundation.admin.bases import HistoryAdmin, LargeListAdmin
from foundation.context import Actor


@admin.register(ReaderToken)
class ReaderTokenAdmin(HistoryAdmin, LargeListAdmin):
    list_display = ("name", "shown_part", "created_at", "last_used_at", "revoked_at")
    ordering = ("-id",)
    fields = ("name", "shown_part", "created_at", "last_used_at", "revoked_at")
    readonly_fields = ("shown_part", "created_at", "last_used_at", "revoked_at")
    actions = ("revoke",)

    def get_fields(self, request: HttpRequest, obj: ReaderToken | None = None) -> Any:
        return self.fields if obj else ("name",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        """Tell who may revoke tokens: whoever Django would let change them."""
        return bool(request.user.has_perm("events.change_readertoken"))

    @sensitive_variables()
    def save_model(
        self, request: HttpRequest, obj: ReaderToken, form: "ModelForm[ReaderToken]", change: bool
    ) -> None:
        made = tokens.create_token(name=obj.name, actor=_staff(request), now=timezone.now())
        obj.pk, obj.shown_part = made.token.pk, made.token.shown_part
        request.new_secret = made.secret  # type: ignore[attr-defined]

    def response_add(
        self, request: HttpRequest, obj: ReaderToken, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Show the secret in this answer, which no browser keeps; a message would lie in a cookie."""
        context = {
            **self.admin_site.each_context(request),
            "title": _("The new token"),
            "token": obj,
            "secret": request.new_secret,  # type: ignore[attr-defined]
        }
        return render(request, "admin/events/new_token.html", context)

    @admin.action(description=_("Revoke"), permissions=["revoke"])
    def revoke(self, request: HttpRequest, chosen: QuerySet[ReaderToken]) -> None:
        now = timezone.now()
        revoked = sum(
            tokens.revoke_token(token_id=token.pk, actor=_staff(request), now=now) for token in chosen
        )
        self.message_user(request, _("Revoked: %(count)s") % {"count": revoked}, messages.SUCCESS)


def _staff(request: HttpRequest) -> Actor:
    return Actor.staff(int(request.user.pk or 0))
