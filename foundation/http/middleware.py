"""Middleware for every request, and middleware for pages that people open."""

import logging
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin
from simple_history.middleware import HistoryRequestMiddleware

from foundation.context import correlation
from foundation.http.client_address import client_address
from foundation.http.errors import is_for_people, length_required
from foundation.logs import formats as logs

Handler = Callable[[HttpRequest], HttpResponse]

HEADER = "X-Request-ID"
RENEWED = "renewed"
# Not a page, but staff read it in their browsers too. Programs send no cookie.
ALSO_FOR_STAFF = ("/events/",)

access_log = logging.getLogger(logs.ACCESS)


class CorrelationIdMiddleware:
    """Give every request an id, which its events and jobs carry too, and a line in the log.

    The id is `X-Request-ID` if that is a UUID, or else a new one. The answer carries it too.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        request_id = _uuid(request.headers.get(HEADER, "")) or uuid4()
        with correlation(request_id):
            response = self.get_response(request)
            _log(request, response, seconds=time.perf_counter() - started)
        response.headers[HEADER] = str(request_id)
        return response


class RequireLengthMiddleware:
    """Refuse a body in chunks without a length. Django would take it for empty."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.headers.get("Transfer-Encoding") and not request.headers.get("Content-Length"):
            return length_required()
        return self.get_response(request)


def for_people(middleware: Any) -> Any:
    """Make a middleware that leaves out programs: sessions that nobody has took a quarter of a poll.

    It is a subclass, because Django's checks look for its own classes in the settings.
    """

    class ForPeople(middleware):  # type: ignore[misc]
        def __call__(self, request: HttpRequest) -> HttpResponse:
            is_for_staff = is_for_people(request) or request.path in ALSO_FOR_STAFF
            handler = super().__call__ if is_for_staff else self.get_response
            response: HttpResponse = handler(request)
            return response

    return ForPeople


class RenewSessionMiddleware:
    """Renew a session while it is used, once in a tenth of its lifetime and not at every click."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        session = request.session
        if session.accessed and not session.is_empty():
            now = int(time.time())
            if now - session.get(RENEWED, 0) > settings.SESSION_COOKIE_AGE / 10:
                session[RENEWED] = now
        return response


class HistoryMiddleware(MiddlewareMixin):
    """simple-history 3.13's middleware, which is a function, as a class. Check this when you upgrade it."""

    def __init__(self, get_response: Handler) -> None:
        super().__init__(get_response)
        self._with_request = HistoryRequestMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response: HttpResponse = self._with_request(request)
        return response


SessionsForPeople = for_people(SessionMiddleware)
RenewalForPeople = for_people(RenewSessionMiddleware)
UsersForPeople = for_people(AuthenticationMiddleware)
MessagesForPeople = for_people(MessageMiddleware)
HistoryForPeople = for_people(HistoryMiddleware)


def _log(request: HttpRequest, response: HttpResponse, *, seconds: float) -> None:
    """Log one request, without its query, which may hold a printer's key."""
    fields = {
        "address": client_address(request),
        "method": request.method,
        "path": request.path,
        "status": response.status_code,
        "ms": round(seconds * 1000, 1),
    }
    access_log.info("%(method)s %(path)s %(status)s %(ms)s ms", fields, extra={"access": fields})


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
