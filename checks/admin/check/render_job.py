"""How the job that renders a check is doing, asked of Redis where there may be one."""

import logging
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from redis.exceptions import RedisError
from rq.job import JobStatus

from checks.domain.state import CheckState, Status
from checks.models import Check
from checks.services.render_queue import render_job_id, render_job_status
from foundation.jobs.pages import may_see_jobs

logger = logging.getLogger(__name__)
DEFAULT_QUEUE = 0  # the place of the renders among RQ_QUEUES, by which django-rq's addresses go

NO_JOB = _("No job for its rendering is in the queue; the sweeper enqueues it within a minute.")
NO_REDIS = _(
    "Redis does not answer, so how its rendering is going is not known; all else here is right. Tell whoever "
    "runs the service."
)
SENTENCES = {
    JobStatus.QUEUED.value: _("The job for its rendering waits in the queue."),
    JobStatus.STARTED.value: _("A worker is at its rendering."),
    JobStatus.SCHEDULED.value: _("Its rendering is tried again in some seconds."),
    JobStatus.FAILED.value: _("The job that failed to render it is kept for a week."),
}


def job_of(check: Check, state: CheckState | None, request: HttpRequest) -> dict[str, Any]:
    """Say how the job is doing while the check waits for its PDF or has failed to get one."""
    if state is None or state.erased:
        return {}
    is_new = state.status is Status.NEW
    if not is_new and not (state.status is Status.FAILED and state.failed_stage == "render"):
        return {}
    try:
        status = render_job_status(check.order_id, check.type)
    except (RedisError, OSError) as error:
        logger.warning("The job of check %s cannot be read: %r", check.pk, error)
        return {"job_sentence": NO_REDIS}
    if not status:
        return {"job_sentence": NO_JOB} if is_new else {}
    return {"job_sentence": SENTENCES.get(status, status), "job_address": _address(check, request)}


def _address(check: Check, request: HttpRequest) -> str:
    if not may_see_jobs(request):
        return ""
    return reverse("django_rq:job_detail", args=[DEFAULT_QUEUE, render_job_id(check.order_id, check.type)])
