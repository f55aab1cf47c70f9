"""A story …"""

from collections.abc import Iterator
from datetime import timedelta

from checks.admin.check.dwell import MAX_PIECES, by_phase, dwells, on_axis, totals
from checks.admin.check.story import SHOWN, Happening, columns_of, tell
from checks.domain import event_types as happened
from checks.domain.event_types import Payload
from events.log.registry import registry
from tests.unit.presentation.states import CREATED, LEASE_ENDS, LEASED, LIVES, NOW, RENDERED

SECOND = timedelta(seconds=1)


def happenings(payloads: Iterator[Payload] | list[Payload]) -> Iterator[Happening]:
    for number, payload in enumerate(payloads, start=1):
        encoded = registry.encode(payload)
        yield Happening(number, 1, number, *encoded[:2], encoded.data, "worker:w", NOW + number * SECOND)


def loop(rounds: int) -> Iterator[Payload]:
    """The life of a check that its printer fetches again and again."""
    yield from (CREATED, RENDERED)
    for number in range(rounds):
        yield happened.Downloaded(number + 1, LEASE_ENDS.isoformat())
        yield happened.Released()


def test_it_keeps_what_is_shown_and_no_more() -> None:
    downloads: list[Payload] = [CREATED, RENDERED, *[LEASED] * 5000]

    story = tell(happenings(downloads))

    assert [step.event.version for step in story.steps] == list(range(5003 - SHOWN, 5003))
    assert len(story.states) <= 5
    assert story.last is not None
    assert story.last.event.version == 5002
    assert not any(step.agrees for step in story.steps), "without history records"


def test_it_measures_the_same_waits_as_from_all_states() -> None:
    for life in LIVES.values():
        story = tell(happenings(life))
        states = []
        for count in range(1, len(life) + 1):
            state = tell(happenings(life[:count])).state
            assert state is not None
            states.append((state, NOW + count * SECOND))

        later = NOW + timedelta(hours=1)
        assert dwells(story.states, later) == dwells(states, later)


def test_it_draws_a_bounded_number_of_pieces() -> None:
    stretches = dwells(tell(happenings(loop(500))).states, NOW + timedelta(hours=1))

    assert len(stretches) > 1000
    assert len(by_phase(stretches)) == 3
    assert [total.length for total in totals(by_phase(stretches))] == [
        total.length for total in totals(stretches)
    ]
    assert len(on_axis(stretches, NOW, NOW + timedelta(hours=1))) == MAX_PIECES


def test_it_pairs_each_event_with_the_record_of_its_version() -> None:
    life = LIVES["printed"]
    records = []
    for count in range(1, len(life) + 1):
        state = tell(happenings(life[:count])).state
        assert state is not None
        records.append(columns_of(state))

    assert all(step.agrees for step in tell(happenings(life), records).steps)
    story = tell(happenings(life), [records[0], *records[2:], {**records[3], "version": 9}])
    assert [step.agrees for step in story.steps] == [True, False, True, True]
    assert [bool(step.earlier) for step in story.steps] == [False, True, False, True]
