"""What browsers may do with an answer: the headers beside Django's own, fixed for each area."""

from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse, HttpResponseBase


def _policy(directives: Mapping[str, str]) -> str:
    return "; ".join(f"{name} {sources}" for name, sources in directives.items())


# The pages' styles are partly in their tags, scripts are not.
_PAGE = {
    "default-src": "'none'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
# The admin's Alpine evaluates the expressions in its tags.
ADMIN_POLICY = _policy(
    {**_PAGE, "script-src": "'self' 'unsafe-eval'", "form-action": "'self'", "frame-src": "'self'"}
)
# One script in the pages of django-rq is told by its hash; a test finds out when another comes.
RQ_SCRIPT = "'sha256-1kZe1KRxelr3ptMPsod17Z6BDvbtm4WcufgsZGvsErM='"
RQ_POLICY = _policy({**_PAGE, "script-src": f"'self' 'unsafe-eval' {RQ_SCRIPT}", "form-action": "'self'"})
DOCS_POLICY = _policy({**_PAGE, "script-src": "'self'", "form-action": "'none'"})
# JSON, PDFs, and whatever else is no page.
DATA_POLICY = _policy(
    {"default-src": "'none'", "base-uri": "'none'", "form-action": "'none'", "frame-ancestors": "'none'"}
)
# The PDF that a page of the admin shows in a frame: a browser's viewer has a style and embeds something.
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

# Everything that a page could ask a browser for and ours never do.
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
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
)


class SecurityHeadersMiddleware:
    """Say in every answer what browsers may do with it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", _policy_for(request.path_info))
        response.headers["Permissions-Policy"] = PERMISSIONS_POLICY
        return response


def framed_by_own_pages(response: HttpResponseBase) -> HttpResponseBase:
    """Let pages of this very address show this one answer, a PDF, in a frame; all others may be in none."""
    response.headers["Content-Security-Policy"] = FRAMED_PDF_POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def _policy_for(path: str) -> str:
    for prefix, policy in AREAS.items():
        if path.startswith(prefix):
            return policy
    return DATA_POLICY
