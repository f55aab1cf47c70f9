"""The columns of a check that repeat what its events say."""

from operator import attrgetter
from typing import Any

from checks.domain.state import CheckState

PROJECTED_FIELDS = ("status", "version", "status_changed_at", "lease_expires_at", "pdf_file")
IDENTITY_FIELDS = ("order_id", "type", "printer_id")
COLUMNS = (*PROJECTED_FIELDS, *IDENTITY_FIELDS)

_projected = attrgetter(*PROJECTED_FIELDS)


def projection(state: CheckState) -> dict[str, Any]:
    """Return the columns that are the cache of this state."""
    columns = {name: getattr(state, name) for name in PROJECTED_FIELDS}
    return columns | {"status": state.status.value}


def identity(state: CheckState) -> dict[str, Any]:
    """Return the columns that tell what the check was created as, which never change."""
    return {"order_id": int(state.order_id), "type": state.type, "printer_id": state.printer_id}


def column_values(state: CheckState) -> tuple[Any, ...]:
    """Return the values of all COLUMNS, to be compared: the same as both of the above, and sooner."""
    return (*_projected(state), int(state.order_id), state.type, state.printer_id)


def cached_columns(check: Any) -> dict[str, Any]:
    """Return the projected columns as the check has them."""
    columns = {name: getattr(check, name) for name in PROJECTED_FIELDS}
    return columns | {"pdf_file": check.pdf_file.name}
