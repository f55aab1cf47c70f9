"""Error reports, such as mails to ADMINS, show where the error happened and not the data.

Requests carry keys, tokens, names, phones and addresses: in the query, the headers, the body, and so in the
variables of every frame. So a report lists the few harmless values instead of hiding the others.
"""

from types import FrameType
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.views import debug

from foundation.logs.redaction import MASK, redacted

HARMLESS = {
    "CONTENT_LENGTH",
    "CONTENT_TYPE",
    "HTTP_HOST",
    "HTTP_USER_AGENT",
    "HTTP_X_REQUEST_ID",
    "PATH_INFO",
    "REMOTE_ADDR",
    "REQUEST_METHOD",
    "SERVER_PROTOCOL",
}


class ReporterFilter(debug.SafeExceptionReporterFilter):
    """Hide settings, variables and everything that was sent, unless DEBUG is on."""

    def get_safe_settings(self) -> dict[str, Any]:
        return super().get_safe_settings() if settings.DEBUG else {}

    def get_safe_request_meta(self, request: Any) -> dict[str, Any]:
        meta: dict[str, Any] = super().get_safe_request_meta(request)
        return {name: meta[name] for name in meta if name in HARMLESS or not self.is_active(request)}

    def get_safe_cookies(self, request: Any) -> dict[str, Any]:
        return {} if self.is_active(request) else super().get_safe_cookies(request)

    def get_post_parameters(self, request: HttpRequest | None) -> Any:
        return {} if self.is_active(request) else super().get_post_parameters(request)

    def get_traceback_frame_variables(self, request: Any, tb_frame: FrameType) -> Any:
        return [] if self.is_active(request) else super().get_traceback_frame_variables(request, tb_frame)


class ExceptionReporter(debug.ExceptionReporter):
    """Hide the query too, which Django's reporter takes from the request without asking the filter."""

    def get_traceback_data(self) -> dict[str, Any]:
        data: dict[str, Any] = super().get_traceback_data()
        if self.request is not None and self.filter.is_active(self.request):
            data["request_GET_items"] = [(name, MASK) for name in self.request.GET]
            data["request_FILES_items"] = []
            data["request_insecure_uri"] = self.request.path
        return data

    def get_traceback_html(self) -> SafeString:
        return SafeString(redacted(super().get_traceback_html()))

    def get_traceback_text(self) -> SafeString:
        return SafeString(redacted(super().get_traceback_text()))
