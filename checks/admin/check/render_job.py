"""How the job that renders a check is doing, as Redis knows it."""

import logging
from typing import NamedTuple

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
DEFAULT_QUEUE = 0  # the position of the default queue in RQ_QUEUES, which django-rq's addresses use

NO_JOB = _("Its render job is not in the queue; the sweeper enqueues it within a minute.")
NO_REDIS = _(
    "Redis does not answer, so the state of its render job is unknown. Everything else here is right. Tell "
    "the administrator of the service."
)
SENTENCES = {
    JobStatus.QUEUED.value: _("Its render job waits in the queue."),
    JobStatus.STARTED.value: _("A worker is rendering it now."),
    JobStatus.SCHEDULED.value: _("Rendering is tried again in a few seconds."),
    JobStatus.FAILED.value: _("Its failed render job is kept for a week."),
}


class RenderJob(NamedTuple):
    """A sentence on the job, and the address of its page; "" for those who may not see jobs."""

    sentence: str
    address: str = ""


def render_job_of(check: Check, state: CheckState | None, request: HttpRequest) -> RenderJob | None:
    """Describe the job of a check that waits for its PDF or could not get one; None for any other check."""
    if state is None or state.erased:
        return None
    is_new = state.status is Status.NEW
    if not is_new and not (state.status is Status.FAILED and state.failed_stage == "render"):
        return None
    try:
        status = render_job_status(check.order_id, check.type)
    except (RedisError, OSError) as error:
        logger.warning("Cannot read the job of check %s: %r", check.pk, error)
        return RenderJob(str(NO_REDIS))
    if not status:
        return RenderJob(str(NO_JOB)) if is_new else None
    return RenderJob(str(SENTENCES.get(status, status)), _address(check, request))


def _address(check: Check, request: HttpRequest) -> str:
    if not may_see_jobs(request):
        return ""
    return reverse("django_rq:job_detail", args=[DEFAULT_QUEUE, render_job_id(check.order_id, check.type)])
