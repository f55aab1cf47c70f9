"""The page for Prometheus …"""

from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from rq import SimpleWorker

from checks import services
from checks.models import Check
from checks.services import render_queue as queue
from checks.services import waiting_work
from foundation.context import Actor, current_correlation_id
from foundation.jobs.queues import default_queue
from order_systems.models import OrderSystem
from printers import presence
from readers.metrics import selectors
from readers.metrics.collector import ServiceCollector
from readers.webhooks.http import Outcome
from readers.webhooks.recording import Sent, record
from readers.webhooks.services import create_subscription, send_test
from tests.conftest import NOW
from tests.support.helpers import expire_leases, forget_redis, record_render, wait_until_settled

Samples = dict[tuple[str, str], float]


def scraped(client: Client, **headers: str) -> Samples:
    """Return the values by name and labels, as Prometheus's own parser reads them."""
    response = client.get("/metrics", headers=headers)
    assert response.status_code == 200, response.content
    assert response.headers["Content-Type"].startswith("text/plain")
    families = text_string_to_metric_families(response.content.decode())
    return {
        (sample.name, " ".join(sample.labels.values())): sample.value
        for family in families
        for sample in family.samples
    }


@pytest.mark.django_db(transaction=True)
def test_it_tells_counters_gauges_and_the_queue(
    client: Client, created: list[Check], printers: Any, redis: Any
) -> None:
    record_render(now=NOW)
    services.download_check(printer=printers["key1"], check_id=created[0].pk, now=NOW)
    queue.enqueue_render(order_id=7, check_type="client", correlation_id=current_correlation_id())
    worker = SimpleWorker([default_queue()], connection=redis)
    worker.register_birth()
    presence.write(
        {printers["key1"].pk: timezone.now(), printers["key2"].pk: timezone.now() - timedelta(days=1)}
    )
    wait_until_settled()

    values = scraped(client)

    assert values["forfar_events_total", "created"] == 2
    assert values["forfar_events_total", "printed"] == 0
    assert values["forfar_checks_created_total", ""] == 2
    assert values["forfar_orders_total", ""] == 1
    assert values["forfar_render_seconds_bucket", "0.025"] == 1
    assert values["forfar_render_seconds_bucket", "+Inf"] == 1
    assert values["forfar_render_seconds_sum", ""] == 0.007
    assert values["forfar_open_checks", "new"] == 1
    assert values["forfar_open_checks", "rendered"] == 1
    assert values["forfar_oldest_check_seconds", "new"] > 1000
    assert values["forfar_awaited_confirmations", ""] == 1
    assert values["forfar_unconfirmed_checks", ""] == 0
    assert values["forfar_feed_lag_events", ""] == 0
    assert values["forfar_printers", "heard"] == 1
    assert values["forfar_printers", "silent"] == 1
    assert values["forfar_printers", "never"] == len(printers) - 2
    assert values["forfar_redis_up", ""] == 1
    assert values["forfar_jobs", "queued"] == 1
    assert values["forfar_workers", ""] == 1
    worker.register_death()


@pytest.mark.django_db
def test_it_tells_how_the_webhooks_do(client: Client, redis: Any) -> None:
    order_system = OrderSystem.objects.create(name="Сайт")
    subscription = create_subscription(
        order_system=order_system, address="https://example.org/", actor=Actor.command(), now=NOW
    ).subscription
    delivery = send_test(subscription_id=subscription.pk, now=timezone.now() - timedelta(hours=1))
    failed = [Sent(delivery, Outcome(500, "refused"))]
    record(failed, subscription, now=timezone.now())

    values = scraped(client)

    assert values["forfar_webhooks", "pending"] == 1
    assert values["forfar_webhooks", "given_up"] == 0
    assert 3500 < values["forfar_oldest_webhook_seconds", ""] < 4000
    assert values["forfar_webhook_attempts_total", "failed"] == 1
    assert values["forfar_webhook_attempts_total", "delivered"] == 0
    assert values["forfar_webhook_subscriptions", "failing"] == 1
    assert values["forfar_webhook_subscriptions", "working"] == 0
    assert values["forfar_webhooks_behind_events", ""] == 0


@pytest.mark.django_db
def test_it_tells_what_a_person_has_to_look_at(
    client: Client, created: list[Check], printers: Any, redis: Any
) -> None:
    """Also after the printer has taken the failed check once more."""
    record_render(now=NOW)
    services.download_check(printer=printers["key1"], check_id=created[0].pk, now=NOW)
    expire_leases(NOW + timedelta(hours=1))
    services.mark_failed(check_id=created[1].pk, reason="by staff", actor=Actor.worker("w"), now=NOW)
    services.download_check(printer=printers["key1"], check_id=created[0].pk, now=NOW)

    values = scraped(client)

    assert values["forfar_unconfirmed_checks", ""] == 1
    assert values["forfar_open_checks", "failed"] == 2


@pytest.mark.django_db
def test_it_tells_how_far_the_counters_are_behind(client: Client, created: list[Check], redis: Any) -> None:
    """In a transaction that has not ended, so nothing of it is settled."""
    values = scraped(client)

    assert values["forfar_events_total", "created"] == 0
    assert values["forfar_feed_lag_events", ""] == 2
    assert values["forfar_feed_lag_seconds", ""] >= 0


@pytest.mark.django_db
def test_it_does_without_redis(
    client: Client, redis: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(settings.RQ_QUEUES["default"], "URL", "unix:///nowhere/redis.sock")
    forget_redis()

    values = scraped(client)

    assert values["forfar_redis_up", ""] == 0
    assert ("forfar_jobs", "queued") not in values


@pytest.mark.django_db
def test_it_says_503_without_the_database(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(self: ServiceCollector) -> Any:
        raise OperationalError("gone")

    monkeypatch.setattr(ServiceCollector, "collect", away)

    response = api.get("/metrics")

    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Basic s3cret"},
        {"Authorization": "Bearer ключ"},
    ],
)
def test_it_wants_the_token_where_there_is_one(client: Client, settings: Any, headers: Any) -> None:
    settings.METRICS_TOKEN = "s3cret"

    response = client.get("/metrics", headers=headers)

    assert response.status_code == 403
    assert set(response.json()) == {"error", "code"}


@pytest.mark.django_db
def test_it_takes_the_token_from_anywhere(client: Client, settings: Any, redis: Any) -> None:
    settings.METRICS_TOKEN = "s3cret"
    client.defaults["REMOTE_ADDR"] = "203.0.113.9"

    assert scraped(client, Authorization="Bearer s3cret")


@pytest.mark.django_db
def test_it_is_for_this_machine_alone_without_a_token(client: Client, settings: Any) -> None:
    client.defaults["REMOTE_ADDR"] = "203.0.113.9"
    assert client.get("/metrics").status_code == 403

    client.defaults["REMOTE_ADDR"] = "127.0.0.1"
    assert client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 403

    settings.NUM_PROXIES = 1  # whoever sends is behind the proxy
    assert client.get("/metrics").status_code == 403


@pytest.mark.django_db(transaction=True)
def test_it_takes_as_many_queries_for_many_events_as_for_few(
    client: Client, printers: Any, order: Any, redis: Any, django_assert_num_queries: Any
) -> None:

    def post(numbers: range) -> None:
        for number in numbers:
            services.create_checks(order={**order, "id": number}, actor=Actor.order_system(), now=NOW)
        wait_until_settled()

    post(range(1, 2))
    client.get("/metrics")  # the first batch also adds the row of the position
    for orders in (range(2, 3), range(3, 30)):
        post(orders)

        with django_assert_num_queries(QUERIES + OF_A_BATCH):
            assert scraped(client)["forfar_events_total", "created"] == 2 * orders[-1]
        with django_assert_num_queries(QUERIES):
            assert scraped(client)["forfar_feed_lag_events", ""] == 0


# adopted, position, events, tally; 2 oldest, 3 open, awaited, unconfirmed; position, backlog, horizon;
# printers; webhooks: pending, given up, oldest, subscriptions, position, backlog
QUERIES = 21
# begin, move the position, add to the tally, commit
OF_A_BATCH = 4


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "parameters", "index"),
    [
        (waiting_work.OLDEST, ["new"], "checks_check_open"),
        (waiting_work.OLDEST, ["rendered"], "checks_check_open"),
        (waiting_work.IN_STATUS, [["failed"], "infinity", 100], "checks_check_open"),
        (waiting_work.UNDER_LEASE, [100], "checks_check_lease"),
        (waiting_work.FAILURES, [100], "checks_check_open"),
        (waiting_work.FAILURES, [100], "events_event_stream_version"),
        (selectors.BEHIND, [1, 1, 100], "events_event_feed"),
    ],
)
def test_its_queries_end_after_what_an_index_gives(
    printers: Any, query: str, parameters: list[Any], index: str
) -> None:
    """At 50,000 checks, nearly all of them printed, each with an event."""
    with connection.cursor() as cursor:
        cursor.execute(FILL_CHECKS)
        cursor.execute(FILL_EVENTS)
        cursor.execute("ANALYZE checks_check; ANALYZE events_event")
        cursor.execute(f"EXPLAIN {query}", parameters)
        plan = "\n".join(row[0] for row in cursor.fetchall())

    assert index in plan
    assert "Seq Scan" not in plan


FILL_CHECKS = """
    INSERT INTO checks_check (printer_id, type, "order", order_salt, order_id, status, pdf_file, version,
                              status_changed_at, lease_expires_at)
    SELECT 1 + n % 8, 'kitchen', '{}', '', 1 + n,
           CASE n % 500 WHEN 0 THEN 'new' WHEN 1 THEN 'rendered' WHEN 2 THEN 'failed' ELSE 'printed' END,
           '', 1, now() - n * interval '1 second', CASE n % 500 WHEN 1 THEN now() END
    FROM generate_series(1, 50000) n
"""
FILL_EVENTS = """
    INSERT INTO events_event (check_id, version, type, schema_version, data, actor, correlation_id,
                              occurred_at, event_uid, hash, prev_hash)
    SELECT id, 1, 'created', 1, '{}', 'a', uid, now(), uid, zero, zero
    FROM checks_check, LATERAL (SELECT md5(id::text)::uuid AS uid, decode(repeat('00', 32), 'hex') AS zero) v
"""
