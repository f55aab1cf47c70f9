"""The Content-Security-Policy of each area: what browsers may do with an answer.

Decision 0027 says why this is not django-csp. Django 6.0 has its own middleware (SECURE_CSP). When you
upgrade Django, check whether it can replace this one.
"""

from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse, HttpResponseBase


def _policy(directives: Mapping[str, str]) -> str:
    return "; ".join(f"{name} {sources}" for name, sources in directives.items())


# Pages have some styles in their tags, but no scripts.
_PAGE = {
    "default-src": "'none'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
# Alpine, which the admin uses, evaluates expressions in tags.
ADMIN_POLICY = _policy(
    {**_PAGE, "script-src": "'self' 'unsafe-eval'", "form-action": "'self'", "frame-src": "'self'"}
)
# Unlike the admin, the pages of django-rq have no frames. `foundation/jobs/markup.py` removes their scripts.
RQ_POLICY = _policy({**_PAGE, "script-src": "'self' 'unsafe-eval'", "form-action": "'self'"})
DOCS_POLICY = _policy({**_PAGE, "script-src": "'self'", "form-action": "'none'"})
# JSON, PDFs and everything else that is not a page.
DATA_POLICY = _policy(
    {"default-src": "'none'", "base-uri": "'none'", "form-action": "'none'", "frame-ancestors": "'none'"}
)
# The PDF in a frame on an admin page. A browser's PDF viewer brings a style and embeds an object.
FRAMED_PDF_POLICY = _policy(
    {
        "default-src": "'none'",
        "style-src": "'unsafe-inline'",
        "object-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'self'",
    }
)
AREAS = {"/admin/": ADMIN_POLICY, "/django-rq/": RQ_POLICY, "/docs/": DOCS_POLICY}


# Everything that a page could ask a browser for, and ours never do: the setting PERMISSIONS_POLICY.
NO_PERMISSIONS: dict[str, list[str]] = {
    feature: []
    for feature in (
        "accelerometer",
        "autoplay",
        "camera",
        "display-capture",
        "encrypted-media",
        "fullscreen",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "picture-in-picture",
        "publickey-credentials-get",
        "screen-wake-lock",
        "usb",
        "xr-spatial-tracking",
    )
}


class ContentSecurityPolicyMiddleware:
    """Give every answer the policy of its area, unless its view has set one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", _policy_for(request.path_info))
        return response


def framed_by_own_pages(response: HttpResponseBase) -> HttpResponseBase:
    """Let pages of this site show this answer, a PDF, in a frame. No other answer may be framed."""
    response.headers["Content-Security-Policy"] = FRAMED_PDF_POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def _policy_for(path: str) -> str:
    for prefix, policy in AREAS.items():
        if path.startswith(prefix):
            return policy
    return DATA_POLICY
