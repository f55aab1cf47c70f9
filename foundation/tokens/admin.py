"""The admin of every kind of token: a token is shown when it is made, and never again."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from foundation.admin.actor import staff_actor
from foundation.admin.bases import HistoryAdmin
from foundation.admin.lists import UncountedList
from foundation.tokens.models import SecretToken
from foundation.tokens.services import create_token, revoke_token

COLUMNS = ("shown_part", "created_at", "last_used_at", "revoked_at")


class SecretTokenAdmin(UncountedList, HistoryAdmin):
    """Make and revoke tokens. Nobody changes or deletes one."""

    mark: ClassVar[str]  # what its secrets begin with
    owner_field: ClassVar[str]  # who the token is for, the only field that is entered

    ordering = ("-id",)
    readonly_fields = COLUMNS
    actions = ("revoke",)

    def get_fields(self, request: HttpRequest, obj: SecretToken | None = None) -> tuple[str, ...]:
        return (self.owner_field, *COLUMNS) if obj else (self.owner_field,)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        """Allow it to everybody who has Django's permission to change tokens of this kind."""
        return bool(request.user.has_perm(f"{self.opts.app_label}.change_{self.opts.model_name}"))

    @sensitive_variables()
    def save_model(
        self, request: HttpRequest, obj: SecretToken, form: "ModelForm[SecretToken]", change: bool
    ) -> None:
        made = create_token(obj, mark=self.mark, actor=staff_actor(request), now=timezone.now())
        request.new_secret = made.secret  # type: ignore[attr-defined]

    def response_add(
        self, request: HttpRequest, obj: SecretToken, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Show the secret in this answer, which no browser keeps. A message would be stored in a cookie."""
        context = {
            **self.admin_site.each_context(request),
            "title": _("The new token"),
            "opts": self.opts,
            "owner": getattr(obj, self.owner_field),
            "secret": request.new_secret,  # type: ignore[attr-defined]
        }
        return render(request, "admin/tokens/new_token.html", context)

    @admin.action(description=_("Revoke"), permissions=["revoke"])
    def revoke(self, request: HttpRequest, tokens: QuerySet[SecretToken]) -> None:
        now, actor = timezone.now(), staff_actor(request)
        revoked = sum(
            revoke_token(kind=self.model, token_id=token.pk, actor=actor, now=now) for token in tokens
        )
        self.message_user(request, _("Revoked: %(count)s") % {"count": revoked}, messages.SUCCESS)
