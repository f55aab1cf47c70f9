"""What failures look like on the wire. Only this module knows HTTP statuses.

Every refusal is `{"error": <one sentence>, "code": <stable>}`, with `details` per field where there are any.
A 401 alone has no code: existing clients compare its body.
"""

import logging
import sys
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import csrf, defaults
from rest_framework.exceptions import (
    APIException,
    AuthenticationFailed,
    NotAuthenticated,
    ValidationError,
)
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import exception_handler as rest_exception_handler

from foundation.db.outages import is_outage
from foundation.errors import ForFarError

logger = logging.getLogger(__name__)

# Any other ForFarError is the caller's fault: 400.
STATUSES = {
    "version_conflict": 409,
    "idempotency_key_reused": 422,
    "too_many_wrong_keys": 429,
    "document_missing": 500,
    "document_replaced": 503,
    "log_not_adopted": 503,
    "foreign_count": 503,
    "too_slow": 503,
}
RETRY_AFTER = {"Retry-After": "5"}

AUTHORIZATION_ERROR = gettext_lazy("Authorization error")
TOO_LARGE = gettext_lazy("The request is too large.")
NOT_READABLE = gettext_lazy("The request cannot be read.")
LENGTH_REQUIRED = gettext_lazy("The request has to state the length of its body (Content-Length).")
NOT_FOUND = gettext_lazy("There is nothing at this address.")
FORBIDDEN = gettext_lazy("This is not allowed.")
UNAVAILABLE = gettext_lazy("The service cannot reach its database; try again in a few seconds.")
INTERNAL = gettext_lazy("Internal error; it has been logged.")


def exception_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Answer for REST framework's views. None leaves the fault to Django, which logs it."""
    response = _answer(exc, context)
    if response is not None:  # a refusal is JSON even where the answer is a page or YAML
        request = context["request"]
        request.accepted_renderer, request.accepted_media_type = JSONRenderer(), JSONRenderer.media_type
    return response


def _answer(exc: Exception, context: dict[str, Any]) -> Response | None:
    if isinstance(exc, ForFarError):
        return _of_domain(exc)
    if is_outage(exc):
        logger.error("The database is out of reach: %s", exc)
        return _refusal(503, UNAVAILABLE, "unavailable", headers=RETRY_AFTER)
    if isinstance(exc, RequestDataTooBig):
        return _refusal(413, TOO_LARGE, "body_too_large")
    if isinstance(exc, SuspiciousOperation | UnreadablePostError):
        return _refusal(400, NOT_READABLE, "unreadable")
    response = rest_exception_handler(exc, context)
    if response is not None:
        response.data = _body(exc, response)
    return response


def _of_domain(exc: ForFarError) -> Response:
    status = STATUSES.get(exc.code, 400)
    if status >= 500:
        logger.error("%s: %s", exc.code, exc)
    seconds = exc.retry_after_seconds
    headers = None if seconds is None else {"Retry-After": str(seconds)}
    return _refusal(status, sentence(exc), exc.code, headers)


def sentence(exc: ForFarError) -> str:
    """Return the error's message in the active language."""
    words = {name: _(word) if isinstance(word, str) and word else word for name, word in exc.params.items()}
    return _(exc.message) % words


def _refusal(status: int, words: object, code: str, headers: dict[str, str] | None = None) -> Response:
    return Response({"error": str(words), "code": code}, status=status, headers=headers)


def _body(exc: Exception, response: Response) -> dict[str, Any]:
    if isinstance(exc, ValidationError):
        details = dict(_messages(exc.detail))
        field, messages = next(iter(details.items()))
        sentence = f"{field}: {messages[0]}" if field else messages[0]
        return {"error": sentence, "code": "invalid", "details": details}
    if isinstance(exc, AuthenticationFailed | NotAuthenticated):
        return {"error": str(AUTHORIZATION_ERROR)}
    if isinstance(exc, APIException):
        return {"error": str(exc.detail), "code": exc.default_code}
    if isinstance(exc, Http404):
        return {"error": str(NOT_FOUND), "code": "not_found"}
    return {"error": str(FORBIDDEN), "code": "permission_denied"}


def _messages(detail: Any, path: str = "") -> Iterator[tuple[str, list[str]]]:
    """Yield every field with its messages: `items[2].quantity`, ["…"]."""
    if isinstance(detail, dict):
        for key, value in detail.items():
            field = "" if key == "non_field_errors" else str(key)
            step = f"[{field}]" if isinstance(key, int) else field
            joint = "." if path and field and not isinstance(key, int) else ""
            yield from _messages(value, f"{path}{joint}{step}")
    elif detail and all(isinstance(item, str) for item in detail):
        yield path, [str(item) for item in detail]
    else:
        for index, item in enumerate(detail):
            yield from _messages(item, f"{path}[{index}]")


# --- Django's own handlers: failures outside REST framework -----------------------------------------------


def is_for_people(request: HttpRequest) -> bool:
    """Return whether people open this address in a browser; programs call all others."""
    return request.path.startswith(("/admin/", "/django-rq/"))


def _json(status: int, sentence: object, code: str, headers: dict[str, str] | None = None) -> JsonResponse:
    body = {"error": str(sentence), "code": code}
    return JsonResponse(body, status=status, headers=headers, json_dumps_params={"ensure_ascii": False})


def forbidden() -> HttpResponse:
    return _json(403, FORBIDDEN, "permission_denied")


def length_required() -> HttpResponse:
    return _json(411, LENGTH_REQUIRED, "length_required")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return _json(413, TOO_LARGE, "body_too_large")
    return _json(400, NOT_READABLE, "unreadable")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Refuse a POST without the CSRF token: pages of the admin have one, programs do not."""
    return csrf.csrf_failure(request, reason) if is_for_people(request) else forbidden()


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    if is_for_people(request):
        return defaults.permission_denied(request, exception)
    return forbidden()


def _unavailable(request: HttpRequest) -> HttpResponse:
    if is_for_people(request):
        page = defaults.ERROR_PAGE_TEMPLATE % {"title": escape(UNAVAILABLE), "details": ""}
        return HttpResponse(page, status=503, headers=RETRY_AFTER)
    return _json(503, UNAVAILABLE, "unavailable", RETRY_AFTER)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if is_for_people(request):
        return defaults.page_not_found(request, exception)
    return _json(404, NOT_FOUND, "not_found")


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer for an exception that no view has caught. Django calls this while it handles the exception."""
    if is_outage(sys.exc_info()[1]):
        return _unavailable(request)
    if is_for_people(request):
        return defaults.server_error(request)
    return _json(500, INTERNAL, "internal")
