"""What staff can do to the checks that they ticked in the list."""

from collections.abc import Callable
from functools import partial

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from checks import services
from checks.admin.check.action_page import reprint
from checks.models import Check
from checks.services.reprint import reprinter
from foundation.admin.actor import staff_actor
from foundation.errors import ForFarError
from foundation.http.errors import sentence

BY_STAFF = "by staff"  # the reason of an event; `checks.admin.words` has the words for it


class BulkActions:
    """Acts on one check after the other, so that a refusal concerns that check only."""

    actions = ("render_again", "reprint", "mark_printed", "mark_failed")

    def has_act_permission(self, request: HttpRequest) -> bool:
        """Let everybody act who has Django's permission to change checks."""
        return bool(request.user.has_perm("checks.change_check"))

    @admin.action(description=_("Render failed checks again"), permissions=["act"])
    def render_again(self, request: HttpRequest, checks: QuerySet[Check]) -> None:
        _act(request, checks, partial(services.retry_check, reason=BY_STAFF))

    @admin.action(description=_("Offer to the printer again"), permissions=["act"])
    def reprint(self, request: HttpRequest, checks: QuerySet[Check]) -> None:
        with reprinter() as again:
            _act(request, checks, partial(reprint, request, again, reason=BY_STAFF))

    @admin.action(description=_("Mark as printed"), permissions=["act"])
    def mark_printed(self, request: HttpRequest, checks: QuerySet[Check]) -> None:
        _act(request, checks, services.mark_printed)

    @admin.action(description=_("Mark as failed"), permissions=["act"])
    def mark_failed(self, request: HttpRequest, checks: QuerySet[Check]) -> None:
        _act(request, checks, partial(services.mark_failed, reason=BY_STAFF))


def _act(request: HttpRequest, checks: QuerySet[Check], act: Callable[..., Check]) -> None:
    """Call the service for each check, and say for each whether it was done."""
    actor = staff_actor(request)
    for check in checks:
        try:
            act(check_id=check.pk, actor=actor, now=timezone.now())
        except ForFarError as error:
            messages.error(request, f"{check}: {sentence(error)}")
        else:
            messages.success(request, _("%(check)s: done") % {"check": check})
