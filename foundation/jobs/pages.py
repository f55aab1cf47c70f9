"""The pages of RQ. By themselves they let all staff look and act.

Here `foundation.view_jobs` lets look and `django_rq.admin` lets act too: what is done to a job is no event and
has nobody's name on it. It does no lasting harm: a job is only work to be done, and what is lost with it the
sweeper enqueues again.
"""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.decorators import staff_member_required
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern
from django.views.decorators.cache import never_cache
from django_rq.urls import get_admin_urlpatterns, get_api_urlpatterns
from django_rq.utils import get_cron_schedulers, get_scheduler_statistics, get_statistics
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError
from rq.exceptions import NoSuchJobError

View = Callable[..., HttpResponse]
VIEW, ACT = "foundation.view_jobs", "django_rq.admin"
ACTIONS = {
    "actions",
    "clear",
    "confirm_action",
    "delete_failed_jobs",
    "delete_job",
    "enqueue_job",
    "requeue_all",
    "requeue_job",
    "stop_job",
}

# How django-rq says that an address names a queue, job, worker or scheduler that there is not.
# Its pages of rq-scheduler call it a wrong configuration that this is not installed.
GONE = (NoSuchJobError, IndexError, ValueError, AssertionError, ImproperlyConfigured)

# A job's results have scripts in their tags, which the Content-Security-Policy forbids, and links beside.
CLICK = re.compile(rb' onclick="[^"]*"')


def may_see_jobs(request: HttpRequest) -> bool:
    return request.user.has_perm(VIEW) or request.user.has_perm(ACT)


def guarded(view: View, *, is_action: bool) -> View:
    """Guard a view of django-rq, which sends whoever is not of the staff to the login."""

    @wraps(view)
    def guard(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        is_allowed = request.user.has_perm(ACT) if is_action else may_see_jobs(request)
        if request.user.is_authenticated and not is_allowed:
            raise PermissionDenied
        try:
            response = view(request, *args, **kwargs)
        except (RedisConnectionError, RedisTimeoutError):
            return _without_redis(request)
        except GONE as error:
            raise Http404 from error
        if not response.streaming:
            response.content = CLICK.sub(b"", response.content)
        return response

    return guard


@never_cache
@staff_member_required
def queues(request: HttpRequest) -> HttpResponse:
    """Show the queues as django-rq does, without its cleaning up.

    It would count a dead worker as a failed attempt while the sweeper, who holds a lock for it, does too.
    """
    context = {
        **admin.site.each_context(request),
        **get_statistics(run_maintenance_tasks=False),
        **get_scheduler_statistics(),
        "cron_schedulers": get_cron_schedulers(),
    }
    return render(request, "django_rq/stats.html", context)


def _without_redis(request: HttpRequest) -> HttpResponse:
    context = {**admin.site.each_context(request), "is_redis_down": True}
    return render(request, "django_rq/down.html", context, status=503)


def _guarded(pattern: URLPattern) -> URLPattern:
    view = queues if pattern.name == "home" else pattern.callback
    guard = guarded(view, is_action=pattern.name in ACTIONS)
    return URLPattern(pattern.pattern, guard, pattern.default_args, pattern.name)


app_name = "django_rq"
urlpatterns = [_guarded(pattern) for pattern in get_api_urlpatterns() + get_admin_urlpatterns()]
