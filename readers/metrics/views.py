"""`/metrics`, for bearers of METRICS_TOKEN. If that is empty, only for processes on this machine."""

from secrets import compare_digest

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

from foundation.http.client_address import is_local
from foundation.http.errors import forbidden
from readers.metrics.collector import ServiceCollector


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer a scrape in Prometheus's text format."""
    if not _may_read(request):
        return forbidden()
    registry = CollectorRegistry(auto_describe=False)
    registry.register(ServiceCollector())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def _may_read(request: HttpRequest) -> bool:
    if not settings.METRICS_TOKEN:
        return is_local(request)
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return scheme.lower() == "bearer" and compare_digest(token.encode(), settings.METRICS_TOKEN.encode())
