"""The admin of webhooks …"""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.contrib.sessions.models import Session
from django.test import Client

from foundation.context import Actor
from order_systems.models import OrderSystem
from readers.webhooks import selectors, services
from readers.webhooks.models import Delivery, State, Subscription
from readers.webhooks.services import NewSubscription
from tests.conftest import NOW

SUBSCRIPTIONS, DELIVERIES = "/admin/webhooks/subscription/", "/admin/webhooks/delivery/"
ADDRESS = "https://shop.example/webhooks"


@pytest.fixture
def order_system(db: None) -> OrderSystem:
    return OrderSystem.objects.create(name="Сайт")


@pytest.fixture
def subscribed(order_system: OrderSystem) -> NewSubscription:
    return services.create_subscription(
        order_system=order_system, address=ADDRESS, actor=Actor.command(), now=NOW
    )


@pytest.fixture
def page(subscribed: NewSubscription) -> str:
    return f"{SUBSCRIPTIONS}{subscribed.subscription.pk}/"


@pytest.fixture
def delivered(subscribed: NewSubscription) -> Delivery:
    """A delivery that got through."""
    delivery = services.send_test(subscription_id=subscribed.subscription.pk, now=NOW)
    Delivery.objects.update(state=State.DELIVERED, ended_at=NOW, next_attempt_at=None, attempts=1)
    return delivery


def viewer(django_user_model: Any, *codenames: str) -> Client:
    user = django_user_model.objects.create_user("viewer", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client = Client()
    client.force_login(user)
    return client


def test_it_makes_a_subscription_and_shows_its_secret_once(
    staff_client: Client, admin_user: Any, order_system: OrderSystem
) -> None:
    form = {"order_system": order_system.pk, "address": ADDRESS, "is_active": "on"}

    response = staff_client.post(f"{SUBSCRIPTIONS}add/", form)

    secret, subscription = response.context["secret"], Subscription.objects.get()
    assert secret.startswith("whsec_")
    assert secret in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]
    assert secret not in str(response.cookies)
    assert secret not in "".join(str(each.get_decoded()) for each in Session.objects.all())
    assert secret not in "".join(str(vars(each)) for each in LogEntry.objects.all())
    record = subscription.history.get()
    assert (record.history_user, record.history_change_reason) == (admin_user, "created")
    for address in ("", f"{subscription.pk}/change/", f"{subscription.pk}/history/"):
        shown = staff_client.get(SUBSCRIPTIONS + address)
        assert shown.status_code == 200
        assert secret not in shown.content.decode()


@pytest.mark.parametrize("address", ["http://shop.example/", "https://u:p@shop.example/", "nonsense"])
def test_it_refuses_what_can_be_no_address(
    staff_client: Client, order_system: OrderSystem, address: str
) -> None:
    form = {"order_system": order_system.pk, "address": address, "is_active": "on"}

    assert staff_client.post(f"{SUBSCRIPTIONS}add/", form).status_code == 200
    assert not Subscription.objects.exists()


def test_it_changes_the_address_and_nothing_that_it_was_not_asked_for(
    staff_client: Client, subscribed: NewSubscription, page: str
) -> None:
    Subscription.objects.update(delivered_count=7, failures_in_a_row=9)

    answer = staff_client.post(f"{page}change/", {"address": ADDRESS + "2", "is_active": "on"})

    assert answer.status_code == 302
    subscription = Subscription.objects.get()
    assert (subscription.address, subscription.delivered_count) == (ADDRESS + "2", 7)
    assert subscription.failures_in_a_row == 0
    assert subscription.history.latest().history_change_reason == "changed"


def test_it_makes_a_new_secret(staff_client: Client, subscribed: NewSubscription, page: str) -> None:
    pk = subscribed.subscription.pk
    assert staff_client.get(f"{page}secret/").status_code == 200
    assert len(selectors.signing_keys(pk, now=NOW)) == 1

    response = staff_client.post(f"{page}secret/")
    assert response.context["secret"] in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]
    assert len(selectors.signing_keys(pk, now=NOW)) == 2

    staff_client.post(f"{page}secret/", {"revoke": "on"})
    reasons = Subscription.objects.get().history.values_list("history_change_reason", flat=True)
    assert sorted(set(reasons)) == ["created", "new secret", "new secret, old one revoked"]


def test_it_sends_a_test_pauses_and_resumes(staff_client: Client, page: str) -> None:
    assert staff_client.post(f"{page}act/test/", follow=True).status_code == 200
    assert Delivery.objects.get().type == "test"

    staff_client.post(f"{page}act/pause/")
    assert Subscription.objects.get().pause_reason == "by_hand"
    assert "Возобновить" in staff_client.get(f"{page}change/").content.decode()
    staff_client.post(f"{page}act/resume/")
    assert Subscription.objects.get().paused_at is None

    Subscription.objects.update(is_active=False)
    answer = staff_client.post(f"{page}act/test/", follow=True)
    assert Delivery.objects.count() == 1
    assert "не активна" in answer.content.decode()
    assert staff_client.get(f"{page}act/test/").status_code == 405
    assert staff_client.post(f"{page}act/other/").status_code == 404


def test_it_delivers_again(staff_client: Client, delivered: Delivery) -> None:
    form = {"action": "deliver_again", "_selected_action": [delivered.pk]}

    staff_client.post(DELIVERIES, form)

    delivered.refresh_from_db()
    assert (delivered.state, delivered.attempts) == (State.PENDING, 0)
    assert LogEntry.objects.filter(object_id=str(delivered.pk)).count() == 1
    assert staff_client.get(f"{DELIVERIES}{delivered.pk}/change/").status_code == 200


def test_it_lets_nobody_do_it_who_may_only_look(
    page: str, delivered: Delivery, django_user_model: Any
) -> None:
    client = viewer(django_user_model, "view_subscription", "view_delivery")

    assert client.get(SUBSCRIPTIONS).status_code == client.get(DELIVERIES).status_code == 200
    assert client.get(f"{page}change/").status_code == 200
    for address in ("secret/", "act/test/", "act/pause/", "act/resume/"):
        assert client.post(f"{page}{address}").status_code == 403
    assert client.post(f"{page}change/", {"address": "https://x.example/"}).status_code == 403
    client.post(DELIVERIES, {"action": "deliver_again", "_selected_action": [delivered.pk]})
    delivered.refresh_from_db()
    assert delivered.state == State.DELIVERED
    assert Subscription.objects.get().secrets.count() == 1


def test_its_lists_take_as_many_queries_for_many_as_for_few(
    staff_client: Client, subscribed: NewSubscription, django_assert_num_queries: Any
) -> None:
    for number in (1, 20):
        for _ in range(number):
            services.send_test(subscription_id=subscribed.subscription.pk, now=NOW)
        with django_assert_num_queries(5):
            staff_client.get(DELIVERIES)
        with django_assert_num_queries(3):
            staff_client.get(SUBSCRIPTIONS)


def test_it_goes_back_to_the_whole_list_from_what_no_state_can_be(staff_client: Client) -> None:
    answer = staff_client.get("/admin/webhooks/delivery/", {"state": "pending\0"})

    assert (answer.status_code, answer["Location"]) == (302, "/admin/webhooks/delivery/?e=1")
