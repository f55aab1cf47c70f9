"""The registry …"""

from dataclasses import dataclass, fields

import pytest

import checks.domain.event_types
from events.log.registry import EventRegistry, UnknownEventError, registry

# What has been released. A line here never changes; a new shape gets the next schema_version and an upcaster.
RELEASED = {
    ("created", 1): "order_id type printer_id point_id order_digest",
    ("render_attempt_failed", 1): "attempt reason ms",
    ("rendered", 1): "file sha256 bytes pages ms renderer template",
    ("downloaded", 1): "attempt lease_expires_at",
    ("printed", 1): "how",
    ("failed", 1): "stage reason permanent",
    ("released", 1): "",
    ("retried", 1): "reason",
    ("reprinted", 1): "reason copy",
    ("reprinted", 2): "reason copy file sha256 bytes unmarked",
    ("erased", 1): "fields",
}


@dataclass(frozen=True)
class Moved:
    to: str
    by: str


@pytest.fixture
def versioned() -> EventRegistry:
    own = EventRegistry()
    own.event("moved", schema_version=3)(Moved)
    own.upcaster("moved", from_version=1)(lambda data: {"to": data["target"]})
    own.upcaster("moved", from_version=2)(lambda data: {**data, "by": "nobody"})
    return own


def test_it_knows_exactly_the_released_payloads() -> None:
    known = {
        (registry.current_version(name), name): " ".join(field.name for field in fields(payload))
        for name, payload in registry.names().items()
    }

    newest = dict(sorted(RELEASED))
    assert {(name, version): shape for (version, name), shape in known.items()} == {
        (name, version): RELEASED[name, version] for name, version in newest.items()
    }


@pytest.mark.parametrize(("name", "version"), RELEASED)
def test_it_reads_every_payload_that_was_ever_released(name: str, version: int) -> None:
    data = dict.fromkeys(RELEASED[name, version].split(), "kept")

    payload = registry.decode(name, version, data)

    assert type(payload) is registry.names()[name]
    assert vars(payload).items() >= data.items()


def test_it_reads_a_reprint_of_before_the_marks() -> None:
    payload = registry.decode("reprinted", 1, {"reason": "wet", "copy": 2})

    assert payload == checks.domain.event_types.Reprinted("wet", 2, "", "", 0, "unmarked")


def test_it_encodes_and_decodes(versioned: EventRegistry) -> None:
    moved = Moved("here", "me")

    assert versioned.encode(moved) == ("moved", 3, {"to": "here", "by": "me"})
    assert versioned.decode("moved", 3, {"to": "here", "by": "me"}) == moved


def test_it_upcasts_old_data_step_by_step(versioned: EventRegistry) -> None:
    assert versioned.decode("moved", 1, {"target": "there"}) == Moved("there", "nobody")


@pytest.mark.parametrize(("name", "version"), [("unheard", 1), ("moved", 4)])
def test_it_refuses_what_it_does_not_know(versioned: EventRegistry, name: str, version: int) -> None:
    with pytest.raises(UnknownEventError):
        versioned.decode(name, version, {})


def test_it_refuses_to_register_a_type_twice(versioned: EventRegistry) -> None:
    with pytest.raises(ValueError, match="twice"):
        versioned.event("moved")(Moved)
