"""The pages of django-rq, which by themselves let all staff view and act.

Here `foundation.view_jobs` lets users view them, and `django_rq.admin` lets users also act. Acting on a job
writes no event and records no name. It does no lasting harm: the sweeper enqueues again what a check needs.

Works around django-rq 4.2. Check on upgrade: the names of its views (a test compares them with ACTIONS), the
exceptions in GONE, the context of its first page, and `foundation.jobs.markup`.
"""

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

from foundation.jobs.markup import adapted

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

# What django-rq raises for a queue, job, worker or scheduler that does not exist. Its pages of rq-scheduler
# raise ImproperlyConfigured while that is not installed.
GONE = (NoSuchJobError, IndexError, ValueError, AssertionError, ImproperlyConfigured)


def may_see_jobs(request: HttpRequest) -> bool:
    return request.user.has_perm(VIEW) or request.user.has_perm(ACT)


def guarded(view: View, *, is_action: bool) -> View:
    """Check the permission, then adapt the page. django-rq itself sends strangers to the login."""

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
        if response.get("Content-Type", "").startswith("text/html"):
            response.content = adapted(response.content.decode()).encode()
        return response

    return guard


@never_cache
@staff_member_required
def queues(request: HttpRequest) -> HttpResponse:
    """Show the queues as django-rq does, but without its maintenance tasks.

    These would count a dead worker as a failed attempt, and the sweeper, which holds a lock, would do so too.
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
