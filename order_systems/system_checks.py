"""Django's checks for a deployment: `manage.py check --deploy --database default`."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import Error as DatabaseError

from order_systems import startup


@register(Tags.database, deploy=True)
def order_systems_get_in(databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """Report if no order system could send an order. It queries only a database that was named."""
    if not databases:
        return []
    try:
        refused = startup.nobody_gets_in()
    except DatabaseError as error:
        return [Error(f"Tokens of order systems cannot be read: {error}", id="order_systems.E002")]
    return [Error(startup.NOBODY_GETS_IN, id="order_systems.E001")] if refused else []
