"""What is stored or waits in Redis keeps its form from release to release …"""

from dataclasses import fields
from typing import Any

import pytest
from django.utils.module_loading import import_string

from checks.domain import event_types  # noqa: F401 - registers the payloads
from checks.domain.order_digest import SALT_BYTES, order_digest
from checks.domain.state import UNCONFIRMED, UNMARKED, Status
from checks.jobs.render import render, render_died
from checks.jobs.sweep import sweep
from checks.models import MAX_ORDER_ID, Check
from checks.services import render_queue
from checks.services.create_once import DIGEST_SALT, _digest
from events.log.registry import registry
from foundation.context import Actor

PAYLOADS: dict[str, tuple[int, list[str]]] = {
    "created": (1, ["order_id", "type", "printer_id", "point_id", "order_digest"]),
    "render_attempt_failed": (1, ["attempt", "reason", "ms"]),
    "rendered": (1, ["file", "sha256", "bytes", "pages", "ms", "renderer", "template"]),
    "downloaded": (1, ["attempt", "lease_expires_at"]),
    "printed": (1, ["how"]),
    "failed": (1, ["stage", "reason", "permanent"]),
    "released": (1, []),
    "retried": (1, ["reason"]),
    "reprinted": (2, ["reason", "copy", "file", "sha256", "bytes", "unmarked"]),
    "erased": (1, ["fields"]),
}
ORDER = {"id": 123456, "price": 780, "items": [{"name": "Пицца", "quantity": 2}], "client": {"phone": 917}}


def test_it_has_these_events_and_fields() -> None:
    found = {
        name: (registry.current_version(name), [field.name for field in fields(payload)])
        for name, payload in registry.names().items()
    }

    assert found == PAYLOADS


def test_it_has_these_statuses_and_reasons() -> None:
    assert [status.value for status in Status] == ["new", "rendered", "printed", "failed"]
    assert (UNCONFIRMED, UNMARKED) == ("unconfirmed", "unmarked")


def test_it_has_these_kinds_of_actors() -> None:
    kinds = [Actor.ORDER_SYSTEM, Actor.PRINTER, Actor.WORKER, Actor.SWEEPER, Actor.COMMAND, Actor.STAFF]

    assert kinds == ["order_system", "printer", "worker", "sweeper", "command", "staff"]


def test_it_has_this_digest_of_an_order() -> None:
    assert (
        order_digest(ORDER, bytes(16)) == "845d0a8bec6520e49cb8ccd83c95b047ba7e332805e630ff2cdfb5e5a1247483"
    )
    assert SALT_BYTES == 16
    assert Check._meta.get_field("order_salt").max_length == 16
    assert MAX_ORDER_ID == 9223372036854775807


def test_it_has_this_digest_of_an_order_with_an_idempotency_key(settings: Any) -> None:
    settings.SECRET_KEY = "pinned"

    assert DIGEST_SALT == "forfar.idempotency-key.order-digest"
    assert _digest(ORDER, 3, "key") == "bce59e1bc87a0aba35bfc2a84a1aa370740c2694dc5c8aec1ea80ca3b4eef55a"
    assert _digest(ORDER, None, "key") != _digest(ORDER, 3, "key")


@pytest.mark.parametrize(
    ("name", "job", "path"),
    [
        (render_queue.RENDER_JOB, render, "checks.jobs.render.render"),
        (render_queue.RENDER_DIED, render_died, "checks.jobs.render.render_died"),
        (render_queue.SWEEP_JOB, sweep, "checks.jobs.sweep.sweep"),
    ],
)
def test_it_has_these_names_of_jobs(name: str, job: Any, path: str) -> None:
    assert name == path
    assert import_string(name) is job


def test_it_has_these_names_in_redis() -> None:
    assert render_queue.render_job_id(123456, "kitchen") == "render-123456-kitchen"
    assert render_queue.rendered_by("render-123456-kitchen") == (123456, "kitchen")
    assert render_queue.rendered_by("render-123456-kitchen-2") is None
    assert (render_queue.UPKEEP, render_queue.SWEEP_ASKED) == ("upkeep", "forfar:sweep-asked")
