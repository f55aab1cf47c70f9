"""The page after too many failed logins."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def locked_out(request: HttpRequest, response: HttpResponse, credentials: Any) -> HttpResponse:
    """Answer a login that django-axes refuses, even one with the right password."""
    seconds = int(settings.AXES_COOLOFF_TIME.total_seconds())
    context = {**admin.site.each_context(request), "minutes": seconds // 60}
    answer = render(request, "admin/foundation/locked_out.html", context, status=429)
    answer.headers["Retry-After"] = str(seconds)
    return answer
