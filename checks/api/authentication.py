"""Printers prove who they are by their key alone."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from checks import selectors
from checks.api.parameters import sent_parameters
from checks.models import Printer

SCHEME = "Api-Key"


class PrinterAuthentication(BaseAuthentication):
    """Take the key from `Authorization: Api-Key <key>`, the query string or, in a POST, the body."""

    def authenticate(self, request: Request) -> tuple[Printer, None] | None:
        keys = _header_keys(request) | {str(key) for key in sent_parameters(request, "api_key")}
        if len(keys) != 1:
            return None
        key = keys.pop()
        printer = None if "\0" in key else selectors.printer_by_key(key)
        if printer is None:
            raise AuthenticationFailed
        return printer, None

    def authenticate_header(self, request: Request) -> str:
        return SCHEME


class IsPrinter(BasePermission):
    """Let printers in, and nobody else."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return isinstance(request.user, Printer)


def _header_keys(request: Request) -> set[str]:
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    return {key.strip()} if scheme.lower() == SCHEME.lower() and key.strip() else set()


class PrinterAuthenticationScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the generated contract describes the two ways of sending a key."""

    target_class = "checks.api.authentication.PrinterAuthentication"
    name = ["ApiKeyHeader", "ApiKeyQuery"]

    def get_security_requirement(self, auto_schema: Any) -> list[dict[str, list[Any]]]:
        """Say that either will do; one dictionary of both would ask for both."""
        return [{name: []} for name in self.name]

    def get_security_definition(self, auto_schema: Any) -> list[dict[str, str]]:
        return [
            {
                "type": "apiKey",
                "in": "header",
                "name": "Authorization",
                "description": "`Api-Key <key>`; preferred, because it stays out of access logs.",
            },
            {"type": "apiKey", "in": "query", "name": "api_key", "description": "For existing clients."},
        ]
