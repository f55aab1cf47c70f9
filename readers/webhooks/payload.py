"""The body of a webhook: what an order system can use, and nothing about the client."""

import json
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

from events.log.registry import registry
from events.models import Event

# These actors give our own codes as reasons. Printers and people write free text, which may name somebody.
ACTORS_WITH_CODES = {"worker", "sweeper"}


def body_of(event: Event, created: Any) -> str:
    """Return the body for this event. `created` is the payload of the check's first event."""
    payload = registry.decode(event.type, event.schema_version, event.data)
    data = {
        "event_id": str(event.event_uid),
        "check_id": event.stream_id,
        "order_id": created.order_id,  # text: JavaScript rounds numbers above 2^53
        "check_type": created.type,
        "point_id": created.point_id,
        "printer_id": created.printer_id,
        "version": event.version,
        **DATA_OF[event.type](event, payload),
    }
    return as_json(f"check.{event.type}", event.occurred_at, data)


def as_json(kind: str, moment: datetime, data: dict[str, Any]) -> str:
    """Return a body in the form that Standard Webhooks recommends."""
    at = moment.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return json.dumps({"type": kind, "timestamp": at, "data": data})


def _printed(_event: Event, payload: Any) -> dict[str, Any]:
    return {"how": payload.how}


def _failed(event: Event, payload: Any) -> dict[str, Any]:
    kind = event.actor.partition(":")[0]
    stand_in = "reported" if kind == "printer" else "by_hand"
    reason = payload.reason if kind in ACTORS_WITH_CODES else stand_in
    return {"stage": payload.stage, "reason": reason, "permanent": payload.permanent}


# The event types that are sent, and what each adds to the data.
DATA_OF: dict[str, Callable[[Event, Any], dict[str, Any]]] = {"printed": _printed, "failed": _failed}
