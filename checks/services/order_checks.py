"""The checks of one order, in the tables or in the archive."""

from checks.models import Check, CheckNotFoundError
from events.models import ArchivedCheck
from foundation.errors import ForFarError, gettext_noop


class OrderArchivedError(ForFarError):
    """The order's checks are in the archive, without personal data; they are never printed again."""

    code = "order_archived"
    message = gettext_noop("The order is in the archive.")


def checks_of_order(order_id: int) -> list[Check]:
    """Return the checks of an order; raises OrderArchivedError or CheckNotFoundError if it has none."""
    checks = list(Check.objects.filter(order_id=order_id).defer("order", "order_salt").order_by("id"))
    if not checks:
        raise OrderArchivedError if is_archived(order_id) else CheckNotFoundError
    return checks


def is_archived(order_id: int) -> bool:
    """Tell whether the order's checks are in the archive."""
    return ArchivedCheck.objects.filter(order_id=order_id).exists()


def archived_check(check_id: int) -> ArchivedCheck | None:
    """Return the row that says where an archived check is, None if the check is not archived."""
    return ArchivedCheck.objects.filter(pk=check_id).first()
