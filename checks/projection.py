"""The columns of a check that are the cache of its state."""

from typing import Any

from checks.state import CheckState

PROJECTED_FIELDS = ("status", "version", "status_changed_at", "lease_expires_at", "pdf_file")


def projection(state: CheckState) -> dict[str, Any]:
    """Return the cached columns of a check in this state."""
    columns = {name: getattr(state, name) for name in PROJECTED_FIELDS}
    return columns | {"status": state.status.value}


def cached_columns(check: Any) -> dict[str, Any]:
    """Return the same columns as the check has them."""
    columns = {name: getattr(check, name) for name in PROJECTED_FIELDS}
    return columns | {"pdf_file": check.pdf_file.name}
