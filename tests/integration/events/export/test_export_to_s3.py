"""`export_events` into a bucket … Runs where TEST_S3 names one; none comes in a wheel.

With moto: `python -m moto.server`, make a bucket, and
TEST_S3='s3://lake/tests?endpoint_override=127.0.0.1:5000&scheme=http&region=us-east-1'.
"""

import hashlib
import json
import os
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.utils import timezone

from checks import services
from checks.models import Check
from events.export import files, run
from events.export.places import place_at, replace
from events.models import Event
from foundation.context import Actor
from tests.support.helpers import wait_until_settled

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("TEST_S3" not in os.environ, reason="TEST_S3 names no bucket"),
]


@pytest.fixture
def address() -> str:
    path, _, options = os.environ["TEST_S3"].partition("?")
    return f"{path}/{uuid4()}?{options}"


def contents(address: str) -> dict[str, bytes]:
    place = place_at(address)
    return {name: place.read(name) or b"" for name in place.names()}


@pytest.mark.parametrize("form", ["csv", "ndjson", "parquet"])
def test_it_adds_to_what_is_there(
    created: list[Check], address: str, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "EVENTS_PER_PORTION", 2)
    monkeypatch.setattr(files, "BUFFER_BYTES", 100)
    wait_until_settled()
    call_command("export_events", address, "--quiet", "--format", form)
    for check in created:
        services.mark_failed(check_id=check.pk, reason="", actor=Actor.command(), now=timezone.now())
    wait_until_settled()
    replace(place_at(address), f"day=2026-01-15/events-1-1-0001.{form}", b"left over")

    call_command("export_events", address, "--quiet", "--format", form)

    found = contents(address)
    manifest: Any = json.loads(found.pop("manifest.json"))
    assert manifest["events"] == Event.objects.count() == 4
    assert {file["name"]: file["sha256"] for file in manifest["files"]} == {
        name: hashlib.sha256(content).hexdigest() for name, content in found.items()
    }
