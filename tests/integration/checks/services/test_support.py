"""Support staff …"""

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage

from checks import services
from checks.domain.refusals import TransitionRefusedError
from checks.jobs.render import render as run_render
from checks.models import Check
from checks.services import deliver
from checks.services.render_queue import render_job_id
from events.models import Event
from foundation.context import Actor
from tests.conftest import NOW
from tests.support.fakes import FakeRenderer
from tests.support.helpers import WORKER, record_render, types_of


@pytest.fixture
def unrendered(created: list[Check]) -> Check:
    services.record_render_failure(
        check_id=created[0].pk, reason="refused", ms=5, permanent=True, actor=WORKER, now=NOW
    )
    return created[0]


def test_it_has_a_failed_render_done_again(
    unrendered: Check, staff: Actor, redis: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        services.retry_check(check_id=unrendered.pk, reason="шрифт поставлен", actor=staff, now=NOW)

    unrendered.refresh_from_db()
    assert unrendered.status == "new"
    assert types_of(unrendered) == ["created", "render_attempt_failed", "failed", "retried"]
    assert redis.lrange("rq:queue:default", 0, -1) == [render_job_id(123456, "kitchen").encode()]


def test_it_is_named_in_the_event_and_in_the_history(unrendered: Check, staff: Actor, redis: Any) -> None:
    services.retry_check(check_id=unrendered.pk, reason="again", actor=staff, now=NOW)

    event = Event.objects.get(stream=unrendered, type="retried")
    record = Check.history.get(id=unrendered.pk, version=event.version)
    assert event.actor == str(staff)
    assert record.history_user.username == "olga"


def test_it_cannot_have_a_good_render_done_again(created: list[Check], staff: Actor) -> None:
    with pytest.raises(TransitionRefusedError):
        services.retry_check(check_id=created[0].pk, reason="again", actor=staff, now=NOW)


def test_it_has_a_printed_check_offered_again(created: list[Check], staff: Actor, printers: Any) -> None:
    check = created[0]
    record_render(now=NOW)
    services.mark_printed(check_id=check.pk, actor=staff, now=NOW)

    services.reprint_check(check_id=check.pk, reason="промок", actor=staff, now=NOW)

    assert deliver.new_check_ids(printers["key1"]) == [check.pk]
    event = Event.objects.get(stream=check, type="reprinted")
    assert (event.data["reason"], event.data["copy"], event.data["unmarked"]) == ("промок", 2, "unmarked")


def test_it_takes_a_check_out_of_the_way(created: list[Check], staff: Actor) -> None:
    services.mark_failed(check_id=created[0].pk, reason="заказ отменён", actor=staff, now=NOW)

    created[0].refresh_from_db()
    assert created[0].status == "failed"


def test_it_has_a_check_rendered_anew_whose_pdf_was_lost(
    created: list[Check], staff: Actor, printers: Any, redis: Any, fake_renderer: FakeRenderer
) -> None:
    check = created[0]
    record_render(now=NOW)
    default_storage.delete("pdf/123456_kitchen.pdf")
    services.mark_failed(check_id=check.pk, reason="PDF пропал", actor=staff, now=NOW)

    services.retry_check(check_id=check.pk, reason="заново", actor=staff, now=NOW)
    run_render(123456, "kitchen", str(uuid4()))

    assert types_of(check) == ["created", "rendered", "failed", "retried", "rendered"]
    assert deliver.new_check_ids(printers["key1"]) == [check.pk]
    assert default_storage.exists("pdf/123456_kitchen.pdf")
