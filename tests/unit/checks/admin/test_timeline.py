"""A timeline …"""

from collections.abc import Iterator
from datetime import timedelta

from checks.admin.check.phases import MAX_SEGMENTS, merged, on_axis, phases, totals
from checks.admin.check.timeline import STEPS_PER_PAGE, EventRow, build_timeline, columns_of
from checks.domain import event_types as happened
from checks.domain.event_types import Payload
from events.log.registry import registry
from tests.unit.checks.admin.states import CREATED, LEASE_ENDS, LEASED, LIVES, NOW, RENDERED

SECOND = timedelta(seconds=1)


def rows(payloads: Iterator[Payload] | list[Payload]) -> Iterator[EventRow]:
    for number, payload in enumerate(payloads, start=1):
        encoded = registry.encode(payload)
        yield EventRow(number, 1, number, *encoded[:2], encoded.data, "worker:w", NOW + number * SECOND)


def loop(rounds: int) -> Iterator[Payload]:
    """The life of a check that its printer fetches again and again."""
    yield from (CREATED, RENDERED)
    for number in range(rounds):
        yield happened.Downloaded(number + 1, LEASE_ENDS.isoformat())
        yield happened.Released()


def test_it_keeps_what_is_shown_and_no_more() -> None:
    downloads: list[Payload] = [CREATED, RENDERED, *[LEASED] * 5000]

    timeline = build_timeline(rows(downloads))

    assert [step.event.version for step in timeline.steps] == list(range(5003 - STEPS_PER_PAGE, 5003))
    assert len(timeline.states) <= 5
    assert timeline.last is not None
    assert timeline.last.event.version == 5002
    assert not any(step.agrees for step in timeline.steps), "without history records"


def test_it_measures_the_same_waits_as_from_all_states() -> None:
    for life in LIVES.values():
        timeline = build_timeline(rows(life))
        states = []
        for count in range(1, len(life) + 1):
            state = build_timeline(rows(life[:count])).state
            assert state is not None
            states.append((state, NOW + count * SECOND))

        later = NOW + timedelta(hours=1)
        assert phases(timeline.states, later) == phases(states, later)


def test_it_draws_a_bounded_number_of_segments() -> None:
    those = phases(build_timeline(rows(loop(500))).states, NOW + timedelta(hours=1))

    assert len(those) > 1000
    assert len(merged(those)) == 3
    assert [total.duration for total in totals(merged(those))] == [total.duration for total in totals(those)]
    assert len(on_axis(those, NOW, NOW + timedelta(hours=1))) == MAX_SEGMENTS


def test_it_pairs_each_event_with_the_record_of_its_version() -> None:
    life = LIVES["printed"]
    records = []
    for count in range(1, len(life) + 1):
        state = build_timeline(rows(life[:count])).state
        assert state is not None
        records.append(columns_of(state))

    assert all(step.agrees for step in build_timeline(rows(life), records).steps)
    timeline = build_timeline(rows(life), [records[0], *records[2:], {**records[3], "version": 9}])
    assert [step.agrees for step in timeline.steps] == [True, False, True, True]
    assert [bool(step.earlier) for step in timeline.steps] == [False, True, False, True]
