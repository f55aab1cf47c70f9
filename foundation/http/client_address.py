"""From which address a request comes."""

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """Return the sender's address, behind NUM_PROXIES the one that the outermost of them saw."""
    known = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    forwarded = known[-settings.NUM_PROXIES :][0] if settings.NUM_PROXIES else ""
    return forwarded or str(request.META.get("REMOTE_ADDR", ""))


def is_local(request: HttpRequest) -> bool:
    """Tell whether a process of this machine asks for itself, and no proxy for somebody else."""
    through_proxy = settings.NUM_PROXIES or any(name.startswith("X-Forwarded-") for name in request.headers)
    return not through_proxy and request.META.get("REMOTE_ADDR") in {"127.0.0.1", "::1"}
