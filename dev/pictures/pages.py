"""The main pages of the admin by name, as the scene has them."""

from collections.abc import Mapping

PAGES = {
    "home": "/admin/",
    "checks": "/admin/checks/check/",
    "checks-filtered": "/admin/checks/check/?f-status=failed&f-failed_reason=unconfirmed",
    "checks-none": "/admin/checks/check/?f-order=1",
    "check": "/admin/checks/check/{reprinted}/change/",
    "check-unconfirmed": "/admin/checks/check/{unconfirmed}/change/",
    "check-slow": "/admin/checks/check/{slow}/change/",
    "check-new": "/admin/checks/check/{new}/change/",
    "check-as-of": "/admin/checks/check/{reprinted}/change/?version=4",
    "check-history": "/admin/checks/check/{reprinted}/history/",
    "reprint": "/admin/checks/check/{unconfirmed}/act/reprint/",
    "order": "/admin/checks/check/order/{reprinted_order}/",
    "printers": "/admin/printers/printer/",
    "printer": "/admin/printers/printer/1/change/",
    "printer-silent": "/admin/printers/printer/6/change/",
    "printer-new": "/admin/printers/printer/add/",
    "printer-key": "/admin/printers/printer/1/new_key/",
    "printer-history": "/admin/printers/printer/1/history/",
    "events": "/admin/events/event/",
    "event": "/admin/events/event/9/change/",
    "order-systems": "/admin/order_systems/ordersystem/",
    "order-system": "/admin/order_systems/ordersystem/1/change/",
    "tokens": "/admin/order_systems/token/",
    "token-new": "/admin/order_systems/token/add/",
    "users": "/admin/auth/user/",
    "user": "/admin/auth/user/2/change/",
    "user-new": "/admin/auth/user/add/",
    "group": "/admin/auth/group/1/change/",
    "password": "/admin/password_change/",
    "queues": "/django-rq/",
    "jobs": "/django-rq/queues/0/",
    "queue": "/django-rq/queues/0/details/",
    "jobs-failed": "/django-rq/queues/0/failed/",
    "jobs-finished": "/django-rq/queues/0/finished/",
    "workers": "/django-rq/workers/0/",
}
# What there is before anything has happened.
WITHOUT_CHECKS = (
    "home",
    "checks",
    "printers",
    "events",
    "order-systems",
    "tokens",
    "users",
    "queues",
    "jobs",
)


def address_of(name: str, checks: Mapping[str, int]) -> str:
    """Return the address of a page; `checks` are the ids of the scene's checks."""
    return PAGES[name].format(**checks)
