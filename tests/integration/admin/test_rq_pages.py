"""The pages of RQ …"""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from checks.queue import enqueue_render, render_queue
from events.context import current_correlation_id

EMPTY = "/django-rq/queues/0/empty/"


@pytest.fixture
def looker(client: Client, django_user_model: Any) -> Client:
    client.force_login(django_user_model.objects.create_user("looker", is_staff=True))
    return client


@pytest.fixture(autouse=True)
def _a_job(redis: Any) -> None:
    enqueue_render(order_id=1, check_type="client", correlation_id=current_correlation_id())


@pytest.mark.parametrize("page", ["", "queues/0/", "queues/0/failed/", "queues/0/render-1-client/"])
def test_they_show_the_queues_to_staff(looker: Client, page: str) -> None:
    assert looker.get(f"/django-rq/{page}").status_code == 200


def test_they_let_nobody_act_without_the_permission(looker: Client) -> None:
    assert looker.post(EMPTY).status_code == 403
    assert looker.post("/django-rq/queues/0/render-1-client/delete/").status_code == 403
    assert len(render_queue().job_ids) == 1


def test_they_let_act_who_has_the_permission(looker: Client, django_user_model: Any) -> None:
    permission = Permission.objects.get(content_type__app_label="django_rq", codename="admin")
    django_user_model.objects.get(username="looker").user_permissions.add(permission)

    assert looker.post(EMPTY).status_code == 302
    assert render_queue().job_ids == []


def test_they_have_no_second_door(staff_client: Client) -> None:
    assert staff_client.get("/admin/django_rq/dashboard/").status_code == 404


def test_they_are_kept_from_strangers(client: Client) -> None:
    assert client.get("/django-rq/").status_code == 302
