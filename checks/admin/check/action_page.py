"""The page that asks before staff change a check, and then changes it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget

from checks import services
from checks.admin.check.actions import Action, action_named
from checks.admin.words import reason_in_words
from checks.models import Check
from checks.services.reprint import Reprinter, reprinter
from foundation.admin.actor import staff_actor
from foundation.errors import ForFarError
from foundation.http.errors import sentence

MAX_REASON = 500
REPRINT = "reprint"
SERVICES: dict[str, Callable[..., Check]] = {
    "printed": services.mark_printed,
    "retry": services.retry_check,
    "failed": services.mark_failed,
}


class ReasonForm(forms.Form):
    """Asks why. The answer becomes part of the event, which nobody can change later."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=MAX_REASON,
        help_text=_("It stays on record. Write no names, phones or addresses of clients."),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3, "autofocus": True}),
    )


def action_page(
    request: HttpRequest, check: Check, action_name: str, site_context: dict[str, Any]
) -> HttpResponse:
    """Ask first. On the answer act, say how it went, and go back to the check's page."""
    action = action_named(action_name)
    if action is None:
        raise Http404
    form = ReasonForm(request.POST or None) if action.takes_reason else None
    if request.method == "POST" and (form is None or form.is_valid()):
        return _act(request, check, action, form.cleaned_data if form else {})
    context = {
        **site_context,
        "title": action.question,
        "check": check,
        "action": action,
        "form": form,
        "opts": Check._meta,
    }
    return render(request, "admin/checks/check/action.html", context)


def reprint(request: HttpRequest, again: Reprinter, **arguments: Any) -> Check:
    """Reprint a check, and warn if the paper will not say which copy it is."""
    check, unmarked = again.reprint(**arguments)
    if unmarked:
        words = {"check": check, "reason": reason_in_words(unmarked)}
        messages.warning(
            request, _("%(check)s: the new paper does not say that it is a copy (%(reason)s).") % words
        )
    return check


def _act(request: HttpRequest, check: Check, action: Action, arguments: dict[str, Any]) -> HttpResponse:
    address = reverse("admin:checks_check_change", args=[check.pk])
    actor = staff_actor(request)
    try:
        changed = _call(request, action, check_id=check.pk, actor=actor, now=timezone.now(), **arguments)
    except ForFarError as error:
        words = {"action": action.label, "problem": sentence(error)}
        messages.error(request, _("“%(action)s” was refused and nothing has changed: %(problem)s") % words)
        return redirect(address)
    messages.success(
        request, _("Done: %(action)s. The new event is marked below.") % {"action": action.label}
    )
    return redirect(f"{address}#v{changed.version}")


def _call(request: HttpRequest, action: Action, **arguments: Any) -> Check:
    if action.name != REPRINT:
        return SERVICES[action.name](**arguments)
    with reprinter() as again:
        return reprint(request, again, **arguments)
