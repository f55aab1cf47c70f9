"""Subscriptions, and what staff can do with them. A secret is shown once, when it is made."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from foundation.admin.actor import staff_actor
from foundation.admin.bases import HistoryAdmin, LargeListAdmin
from foundation.errors import ForFarError
from readers.webhooks import services
from readers.webhooks.admin import words
from readers.webhooks.models import Subscription

STATE_FIELDS = (
    "condition",
    "delivered_count",
    "failed_count",
    "last_success_at",
    "last_failure_at",
    "created_at",
)


@admin.register(Subscription)
class SubscriptionAdmin(HistoryAdmin, LargeListAdmin):
    list_display = ("order_system", "address", "condition", "delivered_count", "failed_count")
    list_select_related = ("order_system",)
    list_filter = ("is_active",)
    ordering = ("id",)
    fields = ("order_system", "address", "is_active", *STATE_FIELDS)
    readonly_fields = STATE_FIELDS
    what_would_be_here = _("The addresses that get a webhook when a check is printed or fails.")
    change_form_outer_before_template = "admin/webhooks/subscription/actions.html"

    class Media:
        css = {"all": ("foundation/pages.css",)}

    def get_fields(self, request: HttpRequest, obj: Subscription | None = None) -> Any:
        return self.fields if obj else ("order_system", "address", "is_active")

    def get_readonly_fields(self, request: HttpRequest, obj: Subscription | None = None) -> Any:
        return ("order_system", *STATE_FIELDS) if obj else STATE_FIELDS

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @method_decorator(sensitive_variables())
    def save_model(
        self, request: HttpRequest, obj: Subscription, form: "ModelForm[Subscription]", change: bool
    ) -> None:
        if change:
            services.change_subscription(subscription=obj, actor=staff_actor(request))
            return
        made = services.create_subscription(
            order_system=obj.order_system,
            address=obj.address,
            is_active=obj.is_active,
            actor=staff_actor(request),
            now=timezone.now(),
        )
        obj.pk = made.subscription.pk
        request.new_secret = made.secret  # type: ignore[attr-defined]

    def response_add(
        self, request: HttpRequest, obj: Subscription, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Show the secret in this response, which browsers do not store. A message would be in a cookie."""
        return self._secret_page(request, obj, request.new_secret)  # type: ignore[attr-defined]

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        *args: Any,
        obj: Subscription | None = None,
        **kwargs: Any,
    ) -> HttpResponse:
        may = {
            "may_change": self.has_change_permission(request, obj),
            "may_send": request.user.has_perm("webhooks.send_webhooks"),
        }
        response: HttpResponse = super().render_change_form(
            request, {**context, **may}, *args, obj=obj, **kwargs
        )
        return response

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        urls: list[Any] = [
            path("<int:pk>/secret/", wrap(self.secret_view), name="webhooks_subscription_secret"),
            path("<int:pk>/act/<str:verb>/", wrap(self.act_view), name="webhooks_subscription_act"),
            *super().get_urls(),
        ]
        return urls

    @method_decorator(sensitive_variables())
    def secret_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask for confirmation, then make a new secret and show it."""
        subscription = self._subscription(request, pk, "webhooks.change_subscription")
        if request.method != "POST":
            return self._secret_page(request, subscription, "")
        secret = services.rotate_secret(
            subscription_id=pk,
            keep_old="revoke" not in request.POST,
            actor=staff_actor(request),
            now=timezone.now(),
        )
        return self._secret_page(request, subscription, secret)

    def act_view(self, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
        """Do what a button on the page asks for, and show the result on the page."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        acts = {"test": self._test, "pause": self._pause, "resume": self._resume}
        if verb not in acts:
            raise Http404
        needed = "webhooks.send_webhooks" if verb == "test" else "webhooks.change_subscription"
        subscription = self._subscription(request, pk, needed)
        try:
            acts[verb](request, subscription)
        except ForFarError as error:
            self.message_user(request, _(error.message), messages.ERROR)
        return HttpResponseRedirect(reverse("admin:webhooks_subscription_change", args=[pk]))

    def _test(self, request: HttpRequest, subscription: Subscription) -> None:
        delivery = services.send_test(subscription_id=subscription.pk, now=timezone.now())
        self.log_change(request, subscription, "test webhook")
        self.message_user(request, _("A test webhook will be sent: %(id)s") % {"id": delivery.event_uid})

    def _pause(self, request: HttpRequest, subscription: Subscription) -> None:
        services.pause_subscription(
            subscription_id=subscription.pk, actor=staff_actor(request), now=timezone.now()
        )
        self.message_user(request, _("On pause: deliveries are kept and not sent."))

    def _resume(self, request: HttpRequest, subscription: Subscription) -> None:
        services.resume_subscription(
            subscription_id=subscription.pk, actor=staff_actor(request), now=timezone.now()
        )
        self.message_user(request, _("Resumed: the kept deliveries are being sent."))

    def _subscription(self, request: HttpRequest, pk: int, permission: str) -> Subscription:
        subscription: Subscription | None = self.get_object(request, str(pk))
        if subscription is None:
            raise Http404
        if not request.user.has_perm(permission):
            raise PermissionDenied
        return subscription

    def _secret_page(self, request: HttpRequest, subscription: Subscription, secret: str) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("The new secret"),
            "subscription": subscription,
            "secret": secret,
        }
        return render(request, "admin/webhooks/subscription/secret.html", context)

    @admin.display(description=_("condition"))
    def condition(self, subscription: Subscription) -> str:
        return words.condition(subscription)
