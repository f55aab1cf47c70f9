"""Every request gets an id, which the events and jobs that it causes carry too."""

from collections.abc import Callable
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse

from events.context import correlation
from forfar.api_errors import length_required

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


class RequireLengthMiddleware:
    """Refuse a body that comes in chunks without its length, which would be taken for an empty one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.headers.get("Transfer-Encoding") and not request.headers.get("Content-Length"):
            return length_required()
        return self.get_response(request)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
