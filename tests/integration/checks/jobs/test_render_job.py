"""The render job …"""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import django_rq
import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone
from rq.job import Job, JobStatus

from checks import services
from checks.jobs.render import render as run_render
from checks.jobs.sweep import sweep
from checks.models import Check
from checks.rendering.errors import RenderError
from checks.services.render_queue import enqueue_render, render_job_id
from events.models import Event
from foundation.context import Actor
from tests.conftest import NOW
from tests.support.fakes import SMALL_PDF, FakeRenderer
from tests.support.helpers import forget_redis, record_render, types_of

REQUEST = UUID(int=9)


def render(order_id: int = 123456, check_type: str = "kitchen") -> None:
    run_render(order_id, check_type, str(REQUEST))


def broken(*, permanent: bool) -> RenderError:
    return RenderError(reason="timeout", permanent=permanent)


def test_it_renders_stores_and_records(created: list[Check], fake_renderer: FakeRenderer) -> None:
    render()

    created[0].refresh_from_db()
    event = Event.objects.get(stream=created[0], type="rendered")
    assert (created[0].status, created[0].pdf_file.name) == ("rendered", "pdf/123456_kitchen.pdf")
    with default_storage.open("pdf/123456_kitchen.pdf") as file:
        assert file.read() == SMALL_PDF
    assert event.data["bytes"] == len(SMALL_PDF)
    assert event.correlation_id == REQUEST
    assert types_of(created[1]) == ["created"]


def test_it_makes_one_pdf_for_two_printers_of_a_type(
    printers: Any, order: Any, fake_renderer: FakeRenderer
) -> None:
    checks = services.create_checks(order={**order, "point_id": 2}, actor=Actor.order_system(), now=NOW)

    render()

    kitchens = [check for check in checks if check.type == "kitchen"]
    assert [types_of(check) for check in kitchens] == [["created", "rendered"]] * 2
    assert len(fake_renderer.rendered) == 1


def test_it_does_nothing_the_second_time(created: list[Check], fake_renderer: FakeRenderer) -> None:
    render()
    render()

    assert types_of(created[0]) == ["created", "rendered"]
    assert len(fake_renderer.rendered) == 1


def test_it_records_a_failed_attempt_and_raises(created: list[Check], fake_renderer: FakeRenderer) -> None:
    fake_renderer.failures = [broken(permanent=False)]

    with pytest.raises(RenderError):
        render()

    created[0].refresh_from_db()
    assert created[0].status == "new"
    assert types_of(created[0]) == ["created", "render_attempt_failed"]


def test_it_gives_up_after_the_fourth_attempt(created: list[Check], fake_renderer: FakeRenderer) -> None:
    fake_renderer.failures = [broken(permanent=False) for _ in range(4)]

    for _ in range(4):
        with pytest.raises(RenderError):
            render()

    created[0].refresh_from_db()
    assert created[0].status == "failed"
    assert types_of(created[0]) == ["created", *["render_attempt_failed"] * 4, "failed"]


def test_it_gives_up_at_once_when_trying_again_cannot_help(
    created: list[Check], fake_renderer: FakeRenderer
) -> None:
    fake_renderer.failures = [broken(permanent=True)]

    with pytest.raises(RenderError):
        render()

    assert types_of(created[0]) == ["created", "render_attempt_failed", "failed"]


def test_it_keeps_the_bytes_that_another_check_has_on_record(
    printers: Any,
    order: Any,
    fake_renderer: FakeRenderer,
    staff: Any,
    redis: Any,
) -> None:
    _, second, _ = services.create_checks(order={**order, "point_id": 2}, actor=Actor.order_system(), now=NOW)
    services.mark_failed(check_id=second.pk, reason="later", actor=staff, now=NOW)
    render()
    services.retry_check(check_id=second.pk, reason="now", actor=staff, now=NOW)

    render()

    assert len(fake_renderer.rendered) == 1
    rendered = Event.objects.filter(type="rendered").values_list("data__sha256", flat=True)
    assert len(rendered) == 2
    assert len(set(rendered)) == 1


def test_it_is_retried_by_rq_while_that_may_help(
    created: list[Check], fake_renderer: FakeRenderer, run_jobs: Callable[[], None]
) -> None:
    fake_renderer.failures = [broken(permanent=False)]
    enqueue_render(order_id=123456, check_type="kitchen", correlation_id=REQUEST)

    run_jobs()

    job = Job.fetch(render_job_id(123456, "kitchen"), connection=django_rq.get_connection())
    assert (job.get_status(), job.retries_left) == ("scheduled", 2)


def test_it_stays_among_the_failed_jobs_when_it_cannot(
    created: list[Check], fake_renderer: FakeRenderer, run_jobs: Callable[[], None]
) -> None:
    fake_renderer.failures = [broken(permanent=True)]
    enqueue_render(order_id=123456, check_type="kitchen", correlation_id=REQUEST)

    run_jobs()

    job = Job.fetch(render_job_id(123456, "kitchen"), connection=django_rq.get_connection())
    assert job.get_status() == "failed"


def test_it_is_enqueued_once_while_it_lives(redis: Any) -> None:
    def enqueue() -> bool:
        return enqueue_render(order_id=1, check_type="client", correlation_id=uuid4())

    assert [enqueue(), enqueue()] == [True, False]
    assert redis.llen("rq:queue:default") == 1


def test_it_is_enqueued_again_after_it_died(redis: Any) -> None:
    enqueue_render(order_id=1, check_type="client", correlation_id=REQUEST)
    job = Job.fetch(render_job_id(1, "client"), connection=redis)
    job.set_status("failed")
    redis.delete("rq:queue:default")

    assert enqueue_render(order_id=1, check_type="client", correlation_id=REQUEST)
    assert redis.llen("rq:queue:default") == 1


def test_it_is_brought_back_by_the_sweeper(
    created: list[Check], redis: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sweep()  # the checks are old: nobody has enqueued them

    queued = sorted(redis.lrange("rq:queue:default", 0, -1))
    job = Job.fetch(render_job_id(123456, "client"), connection=redis)
    asked = Event.objects.get(stream=created[0], version=1).correlation_id
    assert queued == [b"render-123456-client", b"render-123456-kitchen"]
    assert job.args[2] == str(asked)


def test_it_is_left_to_the_first_job_for_half_a_minute(printers: Any, order: Any, redis: Any) -> None:
    services.create_checks(order=order, actor=Actor.order_system(), now=timezone.now())

    sweep()

    assert redis.llen("rq:queue:default") == 0


def test_it_waits_in_the_log_while_redis_is_away(
    api: Any,
    printers: Any,
    order: Any,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    monkeypatch.setitem(django_rq.settings.QUEUES["default"], "URL", "unix:///nowhere/redis.sock")
    forget_redis()
    with django_capture_on_commit_callbacks(execute=True):
        response = api.post("/create_checks/", order, content_type="application/json")
    forget_redis()

    assert response.status_code == 200
    assert Check.objects.filter(order_id=order["id"], status="new").count() == 2


def test_it_counts_an_unexpected_fault_as_a_failed_attempt(
    created: list[Check], fake_renderer: FakeRenderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fake_renderer, "render", lambda html: 1 / 0)

    with pytest.raises(RenderError):
        render()

    assert Event.objects.get(stream=created[0], version=2).data["reason"] == "internal"


def test_it_counts_the_death_of_its_worker_as_a_failed_attempt(created: list[Check], redis: Any) -> None:
    """RQ finds out when the dead worker's claim has run out, and calls back."""
    enqueue_render(order_id=123456, check_type="kitchen", correlation_id=REQUEST)
    job = Job.fetch(render_job_id(123456, "kitchen"), connection=redis)
    redis.delete("rq:queue:default")
    job.set_status(JobStatus.STARTED)
    redis.zadd("rq:wip:default", {f"{job.id}:0123456789abcdef0123456789abcdef": 1})

    sweep()

    event = Event.objects.get(stream=created[0], version=2)
    assert (event.type, event.data["reason"], event.correlation_id) == (
        "render_attempt_failed",
        "worker_died",
        REQUEST,
    )
    assert Job.fetch(job.id, connection=redis).get_status() == JobStatus.SCHEDULED


def test_it_is_enqueued_over_a_remnant_without_data(redis: Any) -> None:
    redis.hset("rq:job:render-1-client", "last_heartbeat", "x")

    assert enqueue_render(order_id=1, check_type="client", correlation_id=REQUEST)


def test_it_is_not_held_up_by_a_check_that_cannot_be_read(
    created: list[Check], printers: Any, redis: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """One lease that cannot be ended must not keep the forgotten renders from the queue."""
    record_render(now=NOW)
    services.download_check(printer=printers["key1"], check_id=created[0].pk, now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE events_event DISABLE TRIGGER events_event_append_only")
        cursor.execute("UPDATE events_event SET type = 'of_tomorrow' WHERE check_id = %s", [created[0].pk])
        cursor.execute("ALTER TABLE events_event ENABLE ALWAYS TRIGGER events_event_append_only")

    sweep()

    assert redis.lrange("rq:queue:default", 0, -1) == [b"render-123456-client"]
    assert f"lease of check {created[0].pk}" in caplog.text


def test_it_leaves_the_file_alone_when_somebody_was_faster(
    created: list[Check], fake_renderer: FakeRenderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two renderings of one check at once: the file has to be the one that is on record."""

    def slow_render(_html: str) -> bytes:
        record_render(now=NOW)
        return SMALL_PDF.replace(b"%%EOF", b"% the second\n%%EOF")

    monkeypatch.setattr(fake_renderer, "render", slow_render)

    render()

    with default_storage.open("pdf/123456_kitchen.pdf") as file:
        assert file.read() == SMALL_PDF
    assert types_of(created[0]) == ["created", "rendered"]
