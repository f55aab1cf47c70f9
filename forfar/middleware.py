"""What every request passes through, and what only the pages that people open do."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin
from simple_history.middleware import HistoryRequestMiddleware

from events.context import correlation
from forfar.api_errors import is_for_people, length_required

Handler = Callable[[HttpRequest], HttpResponse]

HEADER = "X-Request-ID"


class CorrelationIdMiddleware:
    """Give every request an id, which the events and jobs that it causes carry too.

    Take the id from `X-Request-ID` when it is a UUID, else give a new one; answer with it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = _uuid(request.headers.get(HEADER, "")) or uuid4()
        with correlation(request_id):
            response = self.get_response(request)
        response.headers[HEADER] = str(request_id)
        return response


class RequireLengthMiddleware:
    """Refuse a body that comes in chunks without its length, which would be taken for an empty one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.headers.get("Transfer-Encoding") and not request.headers.get("Content-Length"):
            return length_required()
        return self.get_response(request)


def for_people(middleware: Any) -> Any:
    """Subclass a middleware so that programs pass it by: a quarter of a poll went into sessions nobody has.

    A subclass, because Django's checks look for its own classes in the settings.
    """

    class ForPeople(middleware):  # type: ignore[misc]
        def __call__(self, request: HttpRequest) -> HttpResponse:
            handler = super().__call__ if is_for_people(request) else self.get_response
            response: HttpResponse = handler(request)
            return response

    return ForPeople


class HistoryMiddleware(MiddlewareMixin):
    """simple-history's own, which is a function, as a class."""

    def __init__(self, get_response: Handler) -> None:
        super().__init__(get_response)
        self._with_request = HistoryRequestMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response: HttpResponse = self._with_request(request)
        return response


SessionsForPeople = for_people(SessionMiddleware)
UsersForPeople = for_people(AuthenticationMiddleware)
MessagesForPeople = for_people(MessageMiddleware)
HistoryForPeople = for_people(HistoryMiddleware)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
