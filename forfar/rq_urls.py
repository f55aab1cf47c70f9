"""The pages of RQ, for staff with the permission `django_rq.admin`; by itself it lets all staff look."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django_rq.urls import get_admin_urlpatterns, get_api_urlpatterns

View = Callable[..., HttpResponse]

# A job's results have scripts in their tags, which the Content-Security-Policy forbids, and links beside.
CLICK = re.compile(rb' onclick="[^"]*"')


def needs_permission(view: View) -> View:
    """Guard a view of django-rq, which sends whoever is not of the staff to the login."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated and not request.user.has_perm("django_rq.admin"):
            raise PermissionDenied
        response = view(request, *args, **kwargs)
        if not response.streaming:
            response.content = CLICK.sub(b"", response.content)
        return response

    return guarded


def _guarded(pattern: URLPattern) -> URLPattern:
    return URLPattern(pattern.pattern, needs_permission(pattern.callback), pattern.default_args, pattern.name)


app_name = "django_rq"
urlpatterns = [_guarded(pattern) for pattern in get_api_urlpatterns() + get_admin_urlpatterns()]
