"""Links from jobs of RQ to the checks that they render."""

from urllib.parse import urlencode

from django import template
from django.urls import reverse

from checks.services.render_queue import rendered_by

register = template.Library()


@register.filter
def checks_of_job(job_id: str) -> str:
    """Return the address of the checks whose PDF a job renders; "" for other jobs."""
    rendered = rendered_by(job_id)
    if rendered is None:
        return ""
    order_id, check_type = rendered
    query = urlencode({"f-order": order_id, "f-type": check_type})
    return f"{reverse('admin:checks_check_changelist')}?{query}"
