"""Every request gets an id, which the events and jobs that it causes carry too."""

from collections.abc import Callable
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse

from events.context import correlation

HEADER = "X-Request-ID"


class CorrelationIdMiddleware:
    """Take the id from `X-Request-ID` when it is a UUID, else give a new one; answer with it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = _uuid(request.headers.get(HEADER, "")) or uuid4()
        with correlation(request_id):
            response = self.get_response(request)
        response.headers[HEADER] = str(request_id)
        return response


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
