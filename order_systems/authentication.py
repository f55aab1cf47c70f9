"""Order systems prove who they are by a token."""

from typing import Any

from django.conf import settings
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from foundation.http import wrong_keys
from foundation.http.client_address import client_address
from foundation.http.credentials import BEARER, sent_credentials
from foundation.tokens.services import note_use
from order_systems import selectors
from order_systems.models import OrderSystem, Token


class OrderSystemAuthentication(BaseAuthentication):
    """Take a token from `Authorization: Bearer <token>`; a wrong one is refused even where none is needed."""

    def authenticate(self, request: Request) -> tuple[OrderSystem, Token] | None:
        secrets = sent_credentials(request.headers, BEARER)
        if not secrets:
            return None
        secret = secrets.pop()
        address = client_address(request._request)
        wrong_keys.refuse_guesser(address)
        token = selectors.token_by_secret(secret)
        if token is None:
            wrong_keys.count_wrong_key(address, secret)
            raise AuthenticationFailed
        note_use(token=token, now=timezone.now())
        return token.order_system, token

    def authenticate_header(self, request: Request) -> str:
        return BEARER


class IsOrderSystem(BasePermission):
    """Let order systems in; where the network in front does that, whoever has sent no token."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return isinstance(request.user, OrderSystem) or settings.ORDER_API_OPEN
