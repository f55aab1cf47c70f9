"""What a notice says of an event: nothing of the client, and only what the order system can use."""

import json
from datetime import datetime, timezone
from typing import Any

from events.log.registry import registry
from events.models import Event

SENT_TYPES = ("printed", "failed")
# Codes of ours are passed on. What printers and people write is their own, and may name somebody.
OURS = {"worker", "sweeper"}


def body_of(event: Event, created: Any) -> str:
    """Return the body of the notice of this event; `created` is the payload of its check's first."""
    payload = registry.decode(event.type, event.schema_version, event.data)
    data = {
        "event_id": str(event.event_uid),
        "check_id": event.stream_id,
        "order_id": int(created.order_id),
        "check_type": created.type,
        "point_id": created.point_id,
        "printer_id": created.printer_id,
        "version": event.version,
        **(_printed(payload) if event.type == "printed" else _failed(event, payload)),
    }
    return as_json(f"check.{event.type}", event.occurred_at, data)


def as_json(kind: str, moment: datetime, data: dict[str, Any]) -> str:
    """Return a body in the shape that Standard Webhooks has for them."""
    told = moment.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return json.dumps({"type": kind, "timestamp": told, "data": data})


def _printed(payload: Any) -> dict[str, Any]:
    return {"how": payload.how}


def _failed(event: Event, payload: Any) -> dict[str, Any]:
    kind = event.actor.partition(":")[0]
    words = "reported" if kind == "printer" else "by_hand"
    reason = payload.reason if kind in OURS else words
    return {"stage": payload.stage, "reason": reason, "permanent": payload.permanent}
