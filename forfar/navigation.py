"""The admin's navigation: the pages that a user may see, support's work first."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from foundation.jobs.pages import may_see_jobs

Item = dict[str, Any]


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the groups of links for Unfold's sidebar."""
    default_queue = reverse("django_rq:queue_details", args=[0])
    return [
        {
            "items": [
                _item(_("Home"), "home", reverse("admin:index"), _everybody),
                _of_model(_("Checks"), "receipt_long", "checks", "check"),
                _of_model(_("Events"), "timeline", "events", "event"),
                _of_model(_("Printers"), "print", "printers", "printer"),
            ]
        },
        {
            "title": _("Jobs"),
            "separator": True,
            "items": [
                _item(_("Queues and cron"), "queue", reverse("django_rq:home"), may_see_jobs, request),
                _item(_("Render jobs"), "picture_as_pdf", default_queue, may_see_jobs),
                _item(
                    _("Failed render jobs"), "error", reverse("django_rq:failed_jobs", args=[0]), may_see_jobs
                ),
                _item(
                    _("Retries to come"),
                    "schedule",
                    reverse("django_rq:scheduled_jobs", args=[0]),
                    may_see_jobs,
                ),
            ],
        },
        {
            "title": _("Administration"),
            "separator": True,
            "items": [
                _of_model(_("Order systems"), "storefront", "order_systems", "ordersystem"),
                _of_model(_("Tokens"), "key", "order_systems", "token"),
                _of_model(_("Webhook subscriptions"), "notifications", "webhooks", "subscription"),
                _of_model(_("Webhook deliveries"), "outgoing_mail", "webhooks", "delivery"),
                _of_model(_("Users"), "person", "auth", "user"),
                _of_model(_("Groups"), "group", "auth", "group"),
            ],
        },
    ]


def _everybody(_request: HttpRequest) -> bool:
    return True


def _item(
    title: str,
    icon: str,
    link: str,
    permission: Callable[[HttpRequest], bool],
    only_here: HttpRequest | None = None,
) -> Item:
    """Make an item. `only_here` marks it as the current page only at its own address, not at those below."""
    item: Item = {"title": title, "icon": icon, "link": link, "permission": permission}
    return item | ({"active": only_here.path == link} if only_here else {})


def _of_model(title: str, icon: str, app: str, model: str) -> Item:
    permissions = [f"{app}.view_{model}", f"{app}.change_{model}"]

    def may_see(request: HttpRequest) -> bool:
        return any(request.user.has_perm(permission) for permission in permissions)

    return _item(title, icon, reverse(f"admin:{app}_{model}_changelist"), may_see)
