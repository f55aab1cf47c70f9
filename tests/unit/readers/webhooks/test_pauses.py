"""The pauses between attempts …"""

from datetime import timedelta

from readers.webhooks import pauses
from tests.conftest import NOW


def test_they_grow_to_hours_and_differ() -> None:
    first = {pauses.next_attempt_at(now=NOW, attempts=1) - NOW for _ in range(50)}
    assert all(timedelta(seconds=4.5) <= each <= timedelta(seconds=5.5) for each in first)
    assert len(first) > 1
    for attempts, hours in ((6, 1), (9, 8), (40, 8)):
        waited = pauses.next_attempt_at(now=NOW, attempts=attempts) - NOW
        assert timedelta(hours=0.9 * hours) <= waited <= timedelta(hours=1.1 * hours)


def test_they_are_a_day_before_a_webhook_is_given_up() -> None:
    almost, day = timedelta(hours=23), timedelta(hours=24)

    assert pauses.had_its_day(waited=day, attempts=4)
    assert not pauses.had_its_day(waited=almost, attempts=40)
    assert not pauses.had_its_day(waited=day, attempts=3)


def test_they_leave_a_receiver_alone_after_some_failures_for_minutes_at_most() -> None:
    assert pauses.rest_until(now=NOW, failures=4) is None
    assert pauses.rest_until(now=NOW, failures=5) == NOW + timedelta(seconds=5)
    assert pauses.rest_until(now=NOW, failures=7) == NOW + timedelta(seconds=20)
    assert pauses.rest_until(now=NOW, failures=10_000) == NOW + timedelta(seconds=300)
