"""Printers are authenticated by their API key."""

from hmac import compare_digest
from typing import Any

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from foundation.http import wrong_keys
from foundation.http.client_address import client_address
from foundation.http.credentials import sent_credentials
from foundation.http.parameters import sent_parameters
from printers import selectors
from printers.models import Printer

SCHEME = "Api-Key"


class PrinterAuthentication(BaseAuthentication):
    """Take the key from `Authorization: Api-Key <key>`, the query string or, in a POST, the body."""

    def authenticate(self, request: Request) -> tuple[Printer, None] | None:
        keys = sent_credentials(request.headers, SCHEME) | {
            str(key) for key in sent_parameters(request, "api_key")
        }
        if len(keys) != 1:
            return None
        key = keys.pop()
        address = client_address(request._request)
        wrong_keys.refuse_guesser(address)
        printer = None if "\0" in key else selectors.printer_by_key(key)
        if printer is None or not compare_digest(printer.api_key.encode(), key.encode()):
            wrong_keys.count_wrong_key(address, key)
            raise AuthenticationFailed
        return printer, None

    def authenticate_header(self, request: Request) -> str:
        return SCHEME


class IsPrinter(BasePermission):
    """Let only printers in."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return isinstance(request.user, Printer)
