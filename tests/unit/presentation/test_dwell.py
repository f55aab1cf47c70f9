"""The stretches of a check's life …"""

from datetime import timedelta

from checks.admin.check.dwell import Dwell, dwells, on_axis, to_scale, totals, waits
from checks.domain.event_types import Payload
from checks.domain.fold import fold
from checks.domain.state import CheckState
from tests.unit.presentation.states import (
    ATTEMPT,
    CREATED,
    LEASED,
    LIVES,
    NOW,
    PRINTED,
    RENDERED,
    REPRINTED,
)


def lived(*events: Payload, step: float = 10) -> list[Dwell]:
    """Return the stretches of a life with an event every `step` seconds, looked at a step after the last."""
    moments = [NOW + timedelta(seconds=step * number) for number in range(len(events) + 1)]
    states = []
    state: CheckState | None = None
    for event, at in zip(events, moments, strict=False):
        state = fold([(event, at)], state)
        assert state is not None
        states.append((state, at))
    return dwells(states, moments[-1])


def phases(stretches: list[Dwell]) -> list[tuple[str, float, bool]]:
    return [(dwell.phase, dwell.span.total_seconds(), dwell.is_open) for dwell in stretches]


def test_they_say_what_the_check_waited_for() -> None:
    assert phases(lived(CREATED, RENDERED, LEASED, PRINTED)) == [
        ("rendering", 10, False),
        ("printer", 10, False),
        ("confirmation", 10, False),
    ]


def test_they_go_on_while_the_check_is_not_settled() -> None:
    assert phases(lived(CREATED, RENDERED))[-1] == ("printer", 10, True)
    assert phases(lived(*LIVES["unconfirmed"]))[-1] == ("confirmation", 10, False)


def test_they_are_not_cut_by_failed_attempts() -> None:
    assert phases(lived(CREATED, ATTEMPT, ATTEMPT, RENDERED))[0] == ("rendering", 30, False)


def test_they_leave_out_what_took_no_time() -> None:
    assert lived(CREATED, RENDERED, LEASED, PRINTED, step=0) == []


def test_they_are_no_wait_while_the_check_lies_printed() -> None:
    stretches = lived(CREATED, RENDERED, LEASED, PRINTED, REPRINTED)

    assert [dwell.phase for dwell in stretches] == ["rendering", "printer", "confirmation", "done", "printer"]
    assert [dwell.phase for dwell in waits(stretches)] == ["rendering", "printer", "confirmation", "printer"]


def test_they_are_summed_up_by_phase() -> None:
    stretches = waits(lived(CREATED, RENDERED, LEASED, PRINTED, REPRINTED))

    assert [total[:1] + total[3:] for total in totals(stretches)] == [
        ("rendering", 25, 1, False),
        ("printer", 50, 2, True),
        ("confirmation", 25, 1, False),
    ]
    assert totals([]) == []


def test_they_are_drawn_as_wide_as_they_are_long() -> None:
    rendering, printer = (
        Dwell("rendering", NOW, NOW + timedelta(seconds=1)),
        Dwell("printer", NOW + timedelta(seconds=5), NOW + timedelta(seconds=8)),
    )

    assert [piece[1:] for piece in to_scale([rendering, printer])] == [
        ("0.000", "25.000", 25),
        ("25.000", "75.000", 75),
    ]
    assert [piece[1:] for piece in on_axis([printer], NOW, NOW + timedelta(seconds=10))] == [
        ("50.000", "30.000", 30)
    ]


def test_they_are_drawn_too_where_the_axis_has_no_length() -> None:
    assert [piece[1:] for piece in on_axis([Dwell("done", NOW, NOW)], NOW, NOW)] == [("0.000", "0.000", 0)]
