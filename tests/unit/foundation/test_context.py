"""An actor …"""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.test import RequestFactory

from foundation.admin.actor import staff_actor
from foundation.context import Actor

WELL_FORMED = {
    "order_system": Actor.order_system(),
    "order_system:3": Actor.order_system(3),
    "printer:12": Actor.printer(12),
    "worker:a1b2": Actor.worker("a1b2"),
    "sweeper": Actor.sweeper(),
    "command": Actor.command(),
    "staff:7": Actor.staff(7),
}


@pytest.mark.parametrize("text", WELL_FORMED)
def test_it_is_stored_as_its_kind_and_name(text: str) -> None:
    assert str(WELL_FORMED[text]) == text


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("staff", "0"),
        ("staff", ""),
        ("staff", "-1"),
        ("staff", "07"),
        ("staff", "olga"),
        ("staff", "٣"),
        ("printer", "0"),
        ("printer", ""),
        ("order_system", "0"),
        ("worker", ""),
        ("worker", "a\0b"),
        ("worker", "a" * 101),
        ("sweeper", "1"),
        ("command", "x"),
        ("nobody", ""),
        ("", ""),
    ],
)
def test_it_is_refused_when_malformed(kind: str, name: str) -> None:
    with pytest.raises(ValueError, match="is not an actor"):
        Actor(kind, name)


def test_it_is_never_staff_without_a_row() -> None:
    with pytest.raises(ValueError, match="staff:0 is not an actor"):
        Actor.staff(0)


def test_it_keeps_the_beginning_of_a_long_worker_name() -> None:
    assert Actor.worker("a" * 200).name == "a" * 100


def test_it_has_a_user_only_if_it_is_staff() -> None:
    assert [actor.user_id for actor in WELL_FORMED.values() if actor.user_id] == [7]


def test_it_is_the_member_of_staff_who_sends_the_request() -> None:
    request = RequestFactory().get("/admin/")
    request.user = get_user_model()(pk=7)

    assert staff_actor(request) == Actor.staff(7)


def test_it_is_nobody_when_nobody_is_logged_in() -> None:
    request = RequestFactory().get("/admin/")
    request.user = AnonymousUser()

    with pytest.raises(PermissionDenied):
        staff_actor(request)
