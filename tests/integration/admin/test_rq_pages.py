"""The pages of RQ …"""

from base64 import b64encode
from hashlib import sha256
from re import DOTALL, findall
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from checks.queue import enqueue_render, render_queue
from events.context import current_correlation_id
from forfar.security import RQ_SCRIPT

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


@pytest.fixture(autouse=True)
def _a_job(redis: Any) -> None:
    enqueue_render(order_id=1, check_type="client", correlation_id=current_correlation_id())


@pytest.mark.parametrize("page", PAGES)
def test_they_show_the_queues_to_who_has_the_permission(operator: Client, page: str) -> None:
    assert operator.get(f"/django-rq/{page}").status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_they_show_nothing_without_the_permission(looker: Client, page: str) -> None:
    assert looker.get(f"/django-rq/{page}").status_code == 403


def test_they_let_nobody_act_without_the_permission(looker: Client) -> None:
    assert looker.post(EMPTY).status_code == 403
    assert looker.post("/django-rq/queues/0/render-1-client/delete/").status_code == 403
    assert len(render_queue().job_ids) == 1


def test_they_let_act_who_has_the_permission(operator: Client) -> None:
    assert operator.post(EMPTY).status_code == 302
    assert render_queue().job_ids == []


def test_they_have_no_second_door(staff_client: Client) -> None:
    assert staff_client.get("/admin/django_rq/dashboard/").status_code == 404


@pytest.mark.parametrize("page", ["", "queues/0/"])
def test_they_are_kept_from_strangers(client: Client, db: None, page: str) -> None:
    assert client.get(f"/django-rq/{page}").status_code == 302


def test_they_hold_no_script_but_the_one_that_the_policy_allows(operator: Client) -> None:
    page = operator.get("/django-rq/queues/0/").content
    scripts = [each for each in findall(rb"<script[^>]*>(.*?)</script>", page, DOTALL) if each]

    assert [f"'sha256-{b64encode(sha256(script).digest()).decode()}'" for script in scripts] == [RQ_SCRIPT]


def test_they_hold_no_handlers_in_their_tags(operator: Client, redis: Any, run_jobs: Any) -> None:
    """The page of a job that has a result."""
    job = render_queue().enqueue("checks.jobs.sweep", result_ttl=60)
    run_jobs()

    page = operator.get(f"/django-rq/queues/0/{job.id}/").content

    assert b"rq-clickable" in page
    assert b"onclick" not in page
