"""Who may read the log: programs by a token for that, staff by their session and permission."""

from typing import Any

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from events.api import tokens
from events.models import ReaderToken
from foundation.http import wrong_keys
from foundation.http.client_address import client_address
from foundation.http.credentials import BEARER, sent_credentials
from foundation.tokens.services import note_use

PERMISSION = "events.view_event"


class ReaderAuthentication(BaseAuthentication):
    """Take a token from `Authorization: Bearer <token>`; an order system's is none of these."""

    def authenticate(self, request: Request) -> tuple[ReaderToken, None] | None:
        secrets = sent_credentials(request.headers, BEARER)
        if not secrets:
            return None
        secret = secrets.pop()
        address = client_address(request._request)
        wrong_keys.refuse_guesser(address)
        token = tokens.token_by_secret(secret)
        if token is None:
            wrong_keys.count_wrong_key(address, secret)
            raise AuthenticationFailed
        note_use(token=token, now=timezone.now())
        return token, None

    def authenticate_header(self, request: Request) -> str:
        return BEARER


class MayReadEvents(BasePermission):
    """Let readers in, and staff who may see events in the admin."""

    def has_permission(self, request: Request, view: Any) -> bool:
        user: Any = request.user
        return isinstance(user, ReaderToken) or bool(
            user and user.is_staff and user.is_active and user.has_perm(PERMISSION)
        )
