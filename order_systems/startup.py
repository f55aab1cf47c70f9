"""Noticing that no order system can send orders before the service starts, not after the first lost order.

The web process then does not start (`manage.py require_order_systems`, in the Procfile). A worker that is
replaced while others serve printers starts and logs the error, because printing must go on.
"""

import logging

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import Error, connection

from order_systems import selectors

logger = logging.getLogger(__name__)

NOBODY_GETS_IN = (
    "No order system can get in: make a token with `manage.py order_tokens create NAME` or in the admin, "
    "or set ORDER_API_OPEN=1 where the network in front lets only order systems reach the service."
)


def nobody_gets_in() -> bool:
    """Return whether all requests of order systems would be refused."""
    return not settings.ORDER_API_OPEN and not selectors.usable_tokens().exists()


def log_when_nobody_gets_in() -> None:
    """Log it, in a worker that starts."""
    try:
        require_order_systems()
    except ImproperlyConfigured as error:
        logger.error("%s", error)


def require_order_systems() -> None:
    """Raise ImproperlyConfigured if nobody could send an order, except with DEBUG.

    If the database does not answer, the service starts: requests without a token are refused anyway.
    """
    if settings.DEBUG:
        return
    try:
        refuse = nobody_gets_in()
    except Error as error:
        logger.warning("Whether there are tokens of order systems cannot be found out: %s", error)
        return
    finally:
        connection.close()  # the process may fork next
    if refuse:
        raise ImproperlyConfigured(NOBODY_GETS_IN)
