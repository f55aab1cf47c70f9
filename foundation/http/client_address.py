"""The address that a request comes from."""

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """Return the sender's address: behind proxies, the address that the outermost of NUM_PROXIES saw."""
    known = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    forwarded = known[-settings.NUM_PROXIES :][0] if settings.NUM_PROXIES else ""
    return forwarded or str(request.META.get("REMOTE_ADDR", ""))


def is_local(request: HttpRequest) -> bool:
    """Return whether the sender is a process of this machine, and not a proxy for someone else."""
    through_proxy = settings.NUM_PROXIES or any(name.startswith("X-Forwarded-") for name in request.headers)
    return not through_proxy and request.META.get("REMOTE_ADDR") in {"127.0.0.1", "::1"}
