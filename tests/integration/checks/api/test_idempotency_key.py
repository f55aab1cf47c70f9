"""An Idempotency-Key …"""

import json
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from checks import services
from checks.models import Check
from events.models import Event
from foundation.context import Actor
from foundation.jobs.queues import default_queue
from order_systems import answers
from order_systems.jobs import remove_old_answers
from order_systems.models import OrderSystem, StoredAnswer
from order_systems.services import NewToken, create_token
from tests.conftest import NOW
from tests.support.calls import JSON, answer_of, nothing_written, refusal_of
from tests.support.helpers import in_threads, waiters, within

KEY = {"Idempotency-Key": "0b6f5a50-order-123456"}


def post(api: Client, order: Any, **headers: str) -> Any:
    return api.post("/create_checks/", order, JSON, headers={**KEY, **headers})


def test_it_gets_the_first_answer_again_and_nothing_is_written(
    api: Client, printers: Any, order: Any, redis: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        first = post(api, order)
    redis.flushdb()

    with nothing_written(), django_capture_on_commit_callbacks(execute=True):
        second = post(api, order, **{"Accept-Language": "en"})

    assert [each["type"] for each in answer_of(first)["checks"]] == ["kitchen", "client"]
    assert (second.status_code, second.content) == (first.status_code, first.content)
    assert StoredAnswer.objects.count() == 1
    assert default_queue().job_ids == []


def test_it_takes_the_same_order_written_otherwise_for_the_same(
    api: Client, printers: Any, order: Any
) -> None:
    first = post(api, order)
    otherwise = json.dumps(dict(reversed(order.items())), ensure_ascii=True, indent=3)

    second = api.generic("POST", "/create_checks/", otherwise.encode(), JSON, headers=KEY)

    assert answer_of(second) == answer_of(first)


@pytest.mark.parametrize(
    "change",
    [{"price": 781}, {"id": 7}, {"point_id": "1"}, {"x": None}, {"client": {"name": "Иван", "phone": "9"}}],
    ids=str,
)
def test_it_refuses_another_order(api: Client, printers: Any, order: Any, change: dict[str, Any]) -> None:
    post(api, order)

    with nothing_written():
        body = refusal_of(post(api, {**order, **change}), 422)

    assert body == {
        "error": "Этот Idempotency-Key уже приходил с другим телом запроса.",
        "code": "idempotency_key_reused",
    }
    assert StoredAnswer.objects.count() == 1


def test_it_keeps_no_refusal(api: Client, printers: Any, order: Any) -> None:
    assert refusal_of(post(api, {**order, "point_id": 99}), 400)["code"] == "point_without_printer"
    assert not StoredAnswer.objects.exists()

    answer_of(post(api, order))


def test_it_is_no_way_round_an_order_that_has_checks(api: Client, created: list[Check], order: Any) -> None:
    with nothing_written():
        assert refusal_of(post(api, order), 400)["code"] == "order_exists"

    assert not StoredAnswer.objects.exists()


def test_it_is_the_order_systems_own(api: Client, printers: Any, order: Any, token: NewToken) -> None:
    other = create_token(
        order_system=OrderSystem.objects.create(name="Приложение"), actor=Actor("command"), now=NOW
    )
    secrets = [{"Authorization": f"Bearer {each.secret}"} for each in (token, other)]

    for number, headers in enumerate([{}, *secrets], start=1):
        answer_of(post(api, {**order, "id": number}, **headers))

    assert StoredAnswer.objects.count() == 3
    assert Check.objects.count() == 6


@pytest.mark.parametrize("key", ["", "я", "a\tb", "a\x7f", "k" * 256], ids=repr)
def test_it_is_refused_when_it_is_none(api: Client, printers: Any, order: Any, key: str) -> None:
    with nothing_written():
        body = refusal_of(post(api, order, **{"Idempotency-Key": key}), 400)

    assert (body["code"], list(body["details"])) == ("invalid", ["Idempotency-Key"])


@pytest.mark.parametrize(
    "key", ["a", "k" * 255, '"8e03978e-40d5-43dd-bc93-6894a57f9324"', "a, b ~"], ids=repr
)
def test_it_is_any_text_that_can_be_printed(api: Client, printers: Any, order: Any, key: str) -> None:
    answer_of(post(api, order, **{"Idempotency-Key": key}))

    assert StoredAnswer.objects.get().key == key


def test_it_tells_nothing_of_the_client(api: Client, printers: Any, order: Any) -> None:
    post(api, order)

    stored = str(StoredAnswer.objects.values().get())
    assert not any(text in stored for text in ("Иван", "9173332222", "Ленина", "пицца"))


def test_it_is_forgotten_after_seven_days(
    api: Client, printers: Any, order: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "ANSWERS_PER_DELETE", 2)
    for number, age in enumerate([0, 6.9, 7.1, 8, 900]):
        post(api, {**order, "id": 1 + number}, **{"Idempotency-Key": f"key {number}"})
        StoredAnswer.objects.filter(key=f"key {number}").update(
            created_at=timezone.now() - timedelta(days=age)
        )

    remove_old_answers()

    assert set(StoredAnswer.objects.values_list("key", flat=True)) == {"key 0", "key 1"}


def test_it_is_stored_with_the_checks_or_not_at_all(
    api: Client, printers: Any, order: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(answers, "store_answer", fail)

    with nothing_written():
        assert post(api, order).status_code == 500


def _create_once(order: Any, key: str = "k", point_id: int = 1) -> Any:
    return services.create_checks_once(
        order={**order, "point_id": point_id},
        order_system_id=None,
        idempotency_key=key,
        answer_to=lambda checks: {"checks": [check.pk for check in checks]},
        actor=Actor.order_system(),
        now=NOW,
    )


@pytest.mark.django_db(transaction=True)
def test_it_makes_one_of_fifty_simultaneous_posts_and_fifty_answers(
    printers: Any, order: Any, redis: Any
) -> None:
    results = in_threads(50, lambda _number: _create_once(order))

    made = list(Check.objects.order_by("id").values_list("id", flat=True))
    assert results == [{"checks": made}] * 50
    assert Event.objects.filter(type="created").count() == len(made) == 2
    assert StoredAnswer.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_it_has_a_repeat_wait_without_a_transaction_id(printers: Any, order: Any, redis: Any) -> None:
    """The repeat is seen waiting at the key's lock while the first is open, and then gets its answer."""

    open_now, waited = threading.Event(), []

    def run(number: int) -> Any:
        if number == 1:
            assert open_now.wait(20)
            return _create_once(order)
        with transaction.atomic():
            answer = _create_once(order)
            open_now.set()
            waited.extend(within(20, waiters))
        return answer

    results = in_threads(2, run)

    assert [(waiter.locktype, waiter.transaction_id) for waiter in waited] == [("advisory", None)]
    assert results[0] == results[1]


@pytest.mark.django_db(transaction=True)
def test_it_does_not_hold_up_another_key(printers: Any, order: Any, redis: Any) -> None:
    with transaction.atomic():
        _create_once(order)
        (other,) = in_threads(1, lambda _number: _create_once({**order, "id": 7}, key="other"))
        assert other["checks"]


def test_it_costs_five_statements_more_than_none(
    printers: Any, order: Any, django_assert_num_queries: Any
) -> None:
    # around the seven of a plain create: savepoint, lock, is there one?, the answer, release
    with django_assert_num_queries(7 + 5):
        _create_once(order)
    with django_assert_num_queries(4):
        _create_once(order)
