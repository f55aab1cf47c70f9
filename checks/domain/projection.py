"""The columns that repeat what a check's events say, in the check's row and in its history records."""

from typing import Any

from checks.domain.state import CheckState

PROJECTED_FIELDS = ("status", "version", "status_changed_at", "lease_expires_at", "pdf_file")
IDENTITY_FIELDS = ("order_id", "type", "printer_id")  # never change
COLUMNS = (*PROJECTED_FIELDS, *IDENTITY_FIELDS)


def projected(state: CheckState) -> tuple[Any, ...]:
    """Return the values of COLUMNS in this state."""
    return (
        state.status.value,
        state.version,
        state.status_changed_at,
        state.lease_expires_at,
        state.pdf_file,
        int(state.order_id),
        state.type,
        state.printer_id,
    )


def projection(state: CheckState) -> dict[str, Any]:
    """Return COLUMNS with their values in this state."""
    return dict(zip(COLUMNS, projected(state), strict=True))
