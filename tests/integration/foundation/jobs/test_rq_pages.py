"""The pages of RQ …"""

from re import DOTALL, findall, sub
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.test import Client
from django_rq.urls import get_admin_urlpatterns
from rq.job import Job, JobStatus
from rq.registry import FailedJobRegistry

from checks import services
from checks.models import Check
from checks.services.render_queue import enqueue_render
from foundation.context import Actor, current_correlation_id
from foundation.jobs import pages as rq_urls
from foundation.jobs.queues import default_queue
from tests.conftest import NOW
from tests.support.helpers import forget_redis, record_render

EMPTY = "/django-rq/queues/0/empty/"
PAGES = [
    "",
    "stats.json",
    "metrics",
    "queues/0/",
    "queues/0/failed/",
    "queues/0/render-1-client/",
    "workers/0/",
]


@pytest.fixture
def looker(client: Client, django_user_model: Any) -> Client:
    """Somebody of the staff without permissions."""
    client.force_login(django_user_model.objects.create_user("looker", is_staff=True))
    return client


@pytest.fixture
def operator(looker: Client, django_user_model: Any) -> Client:
    """Somebody of the staff with the permission."""
    permission = Permission.objects.get(content_type__app_label="django_rq", codename="admin")
    django_user_model.objects.get(username="looker").user_permissions.add(permission)
    return looker


@pytest.fixture
def viewer(looker: Client, django_user_model: Any) -> Client:
    """Somebody of the staff who may look."""
    permission = Permission.objects.get(content_type__app_label="foundation", codename="view_jobs")
    django_user_model.objects.get(username="looker").user_permissions.add(permission)
    return looker


@pytest.fixture(autouse=True)
def _a_job(redis: Any) -> None:
    enqueue_render(order_id=1, check_type="client", correlation_id=current_correlation_id())


@pytest.mark.parametrize("page", PAGES)
def test_they_show_the_queues_to_who_has_the_permission(operator: Client, page: str) -> None:
    assert operator.get(f"/django-rq/{page}").status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_they_show_the_queues_to_who_may_look(viewer: Client, page: str) -> None:
    assert viewer.get(f"/django-rq/{page}").status_code == 200


@pytest.mark.parametrize("page", ["queues/0/empty/", "queues/0/failed/clear/", "queues/0/requeue-all/"])
def test_they_let_nobody_act_who_may_only_look(viewer: Client, page: str) -> None:
    assert viewer.get(f"/django-rq/{page}").status_code == 403
    assert viewer.post(f"/django-rq/{page}").status_code == 403
    for action in ("delete", "requeue", "enqueue", "stop"):
        assert viewer.post(f"/django-rq/queues/0/render-1-client/{action}/").status_code == 403
    form = {"action": "delete", "_selected_action": ["render-1-client"], "job_ids": ["render-1-client"]}
    for step in ("confirm-action", "actions"):
        assert viewer.post(f"/django-rq/queues/{step}/0/", form).status_code == 403
    assert len(default_queue().job_ids) == 1


def test_they_know_every_way_to_act() -> None:
    """What is no action is shown by a GET and changes nothing."""
    names = {pattern.name for pattern in get_admin_urlpatterns()}

    assert names >= rq_urls.ACTIONS
    assert names - rq_urls.ACTIONS == {
        "home",
        "jobs",
        "queue_details",
        "finished_jobs",
        "failed_jobs",
        "scheduled_jobs",
        "started_jobs",
        "deferred_jobs",
        "job_detail",
        "result_detail",
        "workers",
        "worker_details",
        "scheduler_jobs",
        "cron_scheduler_detail",
        "cron_job_detail",
    }


@pytest.mark.parametrize("page", PAGES)
def test_they_show_nothing_without_the_permission(looker: Client, page: str) -> None:
    assert looker.get(f"/django-rq/{page}").status_code == 403


def test_they_let_nobody_act_without_the_permission(looker: Client) -> None:
    assert looker.post(EMPTY).status_code == 403
    assert looker.post("/django-rq/queues/0/render-1-client/delete/").status_code == 403
    assert len(default_queue().job_ids) == 1


def test_they_let_act_who_has_the_permission(operator: Client) -> None:
    assert operator.post(EMPTY).status_code == 302
    assert default_queue().job_ids == []


def test_they_have_no_second_door(staff_client: Client) -> None:
    assert staff_client.get("/admin/django_rq/dashboard/").status_code == 404


@pytest.mark.parametrize("page", ["", "queues/0/"])
def test_they_are_kept_from_strangers(client: Client, db: None, page: str) -> None:
    assert client.get(f"/django-rq/{page}").status_code == 302


@pytest.mark.parametrize("page", ["", "queues/0/", "queues/0/details/", "queues/0/failed/"])
def test_they_hold_no_script_within_the_page(operator: Client, page: str) -> None:
    text = operator.get(f"/django-rq/{page}").content

    assert [each for each in findall(rb"<script[^>]*>(.*?)</script>", text, DOTALL) if each.strip()] == []
    assert b"/static/foundation/jobs.js" in text


def test_they_hold_no_handlers_in_their_tags(operator: Client, redis: Any, run_jobs: Any) -> None:
    """The page of a job that has a result."""
    job = default_queue().enqueue("checks.jobs.sweep.sweep", result_ttl=60)
    run_jobs()

    page = operator.get(f"/django-rq/queues/0/{job.id}/").content

    assert b"rq-clickable" in page
    assert b"onclick" not in page


def fail_job(job_id: str) -> None:
    """Let the job count as failed, as a worker does."""
    queue = default_queue()
    job = Job.fetch(job_id, connection=queue.connection)
    queue.remove(job)
    job.set_status(JobStatus.FAILED)
    FailedJobRegistry(queue=queue).add(job, ttl=60, exc_string="RenderError: timeout")


@pytest.mark.parametrize("page", ["queues/0/", "queues/0/failed/", "queues/0/render-1-client/"])
def test_they_lead_from_a_job_to_its_checks(viewer: Client, page: str) -> None:
    if "failed" in page:
        fail_job("render-1-client")

    shown = viewer.get(f"/django-rq/{page}").content.decode()

    assert 'href="/admin/checks/check/?f-order=1&amp;f-type=client"' in shown


def test_they_lead_nowhere_from_a_job_of_another_kind(viewer: Client) -> None:
    job = default_queue().enqueue("checks.jobs.sweep.sweep", job_id="render-x-client")

    page = viewer.get(f"/django-rq/queues/0/{job.id}/").content.decode()

    assert "f-order" not in page


def test_they_say_what_a_job_is_and_offer_no_actions_to_who_may_not_act(viewer: Client) -> None:
    page = viewer.get("/django-rq/queues/0/", headers={"Accept-Language": "en"}).content.decode()

    assert "the sweeper enqueues a new job within a minute" in page
    assert "You may view jobs but not act on them." in page


@pytest.mark.parametrize("page", ["", "queues/0/", "queues/0/failed/", "queues/0/render-1-client/"])
def test_they_say_that_redis_is_away(operator: Client, monkeypatch: pytest.MonkeyPatch, page: str) -> None:
    point_nowhere(monkeypatch)

    answer = operator.get(f"/django-rq/{page}", headers={"Accept-Language": "en"})

    assert answer.status_code == 503
    assert "Redis does not answer" in answer.content.decode()


def point_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Redis be at an address where nobody answers."""
    for config in settings.RQ_QUEUES.values():
        monkeypatch.setitem(config, "URL", "redis://127.0.0.1:1/15")
    forget_redis()


@pytest.fixture
def waiting(printers: Any, order: Any) -> Check:
    """The client's check of order 1, whose job is in the queue."""
    return services.create_checks(order={**order, "id": 1}, actor=Actor.order_system(), now=NOW)[1]


def sentence_on_page(client: Client, check: Check) -> str:
    page = client.get(f"/admin/checks/check/{check.pk}/change/", headers={"Accept-Language": "en"})
    assert page.status_code == 200
    return page.content.decode()


def test_they_are_reached_from_a_check_that_waits_for_its_render(
    staff_client: Client, waiting: Check
) -> None:
    page = sentence_on_page(staff_client, waiting)

    assert "Its render job waits in the queue." in page
    assert 'href="/django-rq/queues/0/render-1-client/"' in page
    assert staff_client.get("/django-rq/queues/0/render-1-client/").status_code == 200


def test_they_are_reached_from_a_check_that_could_not_be_rendered(
    staff_client: Client, waiting: Check, staff: Actor
) -> None:
    fail_job("render-1-client")
    services.record_render_failure(
        check_id=waiting.pk, reason="timeout", ms=1, permanent=True, actor=staff, now=NOW
    )

    page = sentence_on_page(staff_client, waiting)

    assert "Its failed render job is kept for a week." in page
    assert 'href="/django-rq/queues/0/render-1-client/"' in page


def test_they_are_no_way_for_who_may_not_see_them(
    client: Client, waiting: Check, django_user_model: Any
) -> None:
    user = django_user_model.objects.create_user("support", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_check"))
    client.force_login(user)

    page = sentence_on_page(client, waiting)

    assert "Its render job waits in the queue." in page
    assert "/django-rq/" not in page


def test_they_have_no_job_of_a_check_that_the_sweeper_has_to_find(
    staff_client: Client, waiting: Check
) -> None:
    default_queue().empty()

    page = sentence_on_page(staff_client, waiting)

    assert "the sweeper enqueues it within a minute" in page
    assert "/django-rq/queues/0/render-1-client/" not in page


def test_they_are_not_asked_for_a_check_that_has_its_pdf(
    staff_client: Client, waiting: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    record_render("client", now=NOW, order_id=1)
    point_nowhere(monkeypatch)

    assert "Redis" not in sentence_on_page(staff_client, waiting)


def test_a_check_says_that_redis_is_away_and_all_else_about_itself(
    staff_client: Client, waiting: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    point_nowhere(monkeypatch)

    page = sentence_on_page(staff_client, waiting)

    assert "Redis does not answer, so the state of its render job is unknown" in page
    assert "Mark it as failed" in page


@pytest.mark.parametrize(
    "page",
    [
        "queues/9/",
        "queues/9999999999999999999/",
        "queues/0/gone/",
        "queues/0/gone/delete/",
        "queues/0/gone/requeue/",
        "queues/0/gone/enqueue/",
        "queues/0/😀/",
        "queues/0/%00/",
        "workers/9999999999999999999/",
        "workers/0/gone/",
        "workers/0/rq:worker:gone/",
        "schedulers/0/",
        "schedulers/9999999999999999999/",
    ],
)
def test_they_say_that_something_is_not_there_any_more(operator: Client, page: str) -> None:
    assert operator.get(f"/django-rq/{page}").status_code == 404
    assert operator.post(f"/django-rq/{page}").status_code in (302, 404)


# Names that are the same in every language, and what a test puts into the queues.
UNTRANSLATED = "looker|client|esc|ForFar|Redis|Unix|RQ|PDF|JSON|URL|TTL|ID|Sentinel|DB|UTC"
DATA = r"[\w.-]*(?:default|upkeep|webhooks|render-|checks\.|foundation\.)[\w.-]*|/[\w./-]+|[0-9a-f-]{20,}"


def english_of(page: str) -> list[str]:
    """Return the texts of a page that still have English words in them."""
    page = sub(r"(?s)<(script|style|pre|time)[ >].*?</\1>", "", page)
    page = sub(r"(?s)<span[^>]*material-symbols.*?</span>", "", page)
    texts = [" ".join(text.split()) for text in findall(r">([^<>]+)<", page)]
    texts += findall(r' (?:title|aria-label)="([^"]+)"', page) + findall(
        r'type="submit" value="([^"]+)"', page
    )
    words = [(text, sub(f"{DATA}|{UNTRANSLATED}", "", text)) for text in texts]
    return [text for text, rest in words if findall(r"[A-Za-z]{2,}", rest) and "@" not in rest]


@pytest.fixture
def busy(operator: Client, redis: Any, run_jobs: Any) -> str:
    """Jobs in every state. Returns the id of one with a result."""
    finished = default_queue().enqueue("checks.jobs.sweep.sweep", result_ttl=60).id
    run_jobs()
    for number in (1, 2):
        enqueue_render(order_id=number, check_type="client", correlation_id=current_correlation_id())
    fail_job("render-2-client")
    return str(finished)


@pytest.mark.parametrize(
    "page",
    [
        "",
        "queues/0/",
        "queues/0/details/",
        "queues/0/finished/",
        "queues/0/failed/",
        "queues/0/scheduled/",
        "queues/0/started/",
        "queues/0/deferred/",
        "queues/0/render-1-client/",
        "queues/0/render-2-client/",
        "queues/0/render-1-client/delete/",
        "queues/0/empty/",
        "queues/0/requeue-all/",
        "queues/0/failed/clear/",
        "workers/0/",
    ],
)
def test_they_are_in_russian(operator: Client, busy: str, page: str) -> None:
    text = operator.get(f"/django-rq/{page}", headers={"Accept-Language": "ru"}).content.decode()

    assert english_of(text) == []


def test_they_are_in_russian_after_an_action_too(operator: Client, busy: str) -> None:
    form = {"action": "requeue", "_selected_action": ["render-2-client"], "job_ids": ["render-2-client"]}
    russian: Any = {"HTTP_ACCEPT_LANGUAGE": "ru"}

    question = operator.post("/django-rq/queues/confirm-action/0/", form, **russian).content.decode()
    done = operator.post("/django-rq/queues/actions/0/", form, follow=True, **russian).content.decode()
    result = operator.get(f"/django-rq/queues/0/{busy}/", **russian).content.decode()

    assert "Снова поставить в очередь заданий: 1" in question
    assert "Снова поставлено в очередь заданий: 1" in done
    assert english_of(question) == english_of(done) == english_of(result) == []


def test_they_stay_in_english_for_who_reads_english(operator: Client) -> None:
    page = operator.get("/django-rq/queues/0/", headers={"Accept-Language": "en"}).content.decode()

    assert "Queued jobs in default" in page
    assert 'id="action-toggle" aria-label="All jobs"' in page
