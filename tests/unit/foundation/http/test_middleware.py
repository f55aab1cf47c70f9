"""The middleware …"""

import pytest
from django.http import HttpRequest, HttpResponse

from foundation.http.middleware import SessionsForPeople


def has_session(path: str) -> bool:
    request = HttpRequest()
    request.path = path
    SessionsForPeople(lambda _: HttpResponse())(request)
    return hasattr(request, "session")


@pytest.mark.parametrize("path", ["/admin/", "/django-rq/queues/1/"])
def test_it_gives_the_pages_of_people_a_session(path: str) -> None:
    assert has_session(path)


@pytest.mark.parametrize("path", ["/new_checks/", "/create_checks/", "/healthz"])
def test_it_lets_programs_pass_without_one(path: str) -> None:
    assert not has_session(path)
