"""The phases of a check's life …"""

from datetime import timedelta

from checks.admin.check.phases import Phase, on_axis, phases, to_scale, totals, waits
from checks.domain.event_types import Payload
from checks.domain.fold import fold
from checks.domain.state import CheckState
from tests.unit.checks.admin.states import (
    ATTEMPT,
    CREATED,
    LEASED,
    LIVES,
    NOW,
    PRINTED,
    RENDERED,
    REPRINTED,
)


def phases_of(*events: Payload, step: float = 10) -> list[Phase]:
    """Return the phases of a life with an event every `step` seconds, looked at a step after the last."""
    moments = [NOW + timedelta(seconds=step * number) for number in range(len(events) + 1)]
    states = []
    state: CheckState | None = None
    for event, at in zip(events, moments, strict=False):
        state = fold([(event, at)], state)
        assert state is not None
        states.append((state, at))
    return phases(states, moments[-1])


def shown(those: list[Phase]) -> list[tuple[str, float, bool]]:
    return [(phase.kind, phase.duration.total_seconds(), phase.is_open) for phase in those]


def test_they_say_what_the_check_waited_for() -> None:
    assert shown(phases_of(CREATED, RENDERED, LEASED, PRINTED)) == [
        ("rendering", 10, False),
        ("printer", 10, False),
        ("confirmation", 10, False),
    ]


def test_they_stay_open_while_the_check_is_new_or_rendered() -> None:
    assert shown(phases_of(CREATED, RENDERED))[-1] == ("printer", 10, True)
    assert shown(phases_of(*LIVES["unconfirmed"]))[-1] == ("confirmation", 10, False)


def test_they_are_not_cut_by_failed_attempts() -> None:
    assert shown(phases_of(CREATED, ATTEMPT, ATTEMPT, RENDERED))[0] == ("rendering", 30, False)


def test_they_leave_out_what_took_no_time() -> None:
    assert phases_of(CREATED, RENDERED, LEASED, PRINTED, step=0) == []


def test_they_are_no_wait_while_the_check_is_printed() -> None:
    those = phases_of(CREATED, RENDERED, LEASED, PRINTED, REPRINTED)

    assert [phase.kind for phase in those] == ["rendering", "printer", "confirmation", "done", "printer"]
    assert [phase.kind for phase in waits(those)] == ["rendering", "printer", "confirmation", "printer"]


def test_they_are_summed_up_by_phase() -> None:
    those = waits(phases_of(CREATED, RENDERED, LEASED, PRINTED, REPRINTED))

    assert [total[:1] + total[3:] for total in totals(those)] == [
        ("rendering", 25, 1, False),
        ("printer", 50, 2, True),
        ("confirmation", 25, 1, False),
    ]
    assert totals([]) == []


def test_they_are_drawn_as_wide_as_they_are_long() -> None:
    rendering, printer = (
        Phase("rendering", NOW, NOW + timedelta(seconds=1)),
        Phase("printer", NOW + timedelta(seconds=5), NOW + timedelta(seconds=8)),
    )

    assert [segment[1:] for segment in to_scale([rendering, printer])] == [
        ("0.000", "25.000"),
        ("25.000", "75.000"),
    ]
    assert [segment[1:] for segment in on_axis([printer], NOW, NOW + timedelta(seconds=10))] == [
        ("50.000", "30.000")
    ]


def test_they_are_drawn_too_where_the_axis_has_no_length() -> None:
    assert [segment[1:] for segment in on_axis([Phase("done", NOW, NOW)], NOW, NOW)] == [("0.000", "0.000")]
