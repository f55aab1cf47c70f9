"""Order systems prove who they are by a token."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from foundation.tokens.authentication import TokenAuthentication
from order_systems.models import OrderSystem, Token
from order_systems.selectors import usable_tokens


class OrderSystemAuthentication(TokenAuthentication):
    """Take an order system's token; `request.user` is the order system."""

    def usable_tokens(self) -> QuerySet[Token]:
        return usable_tokens()

    def bearer(self, token: Token) -> OrderSystem:
        return token.order_system


class IsOrderSystem(BasePermission):
    """Let order systems in, and requests without a token where the network in front checks who sends them."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return isinstance(request.user, OrderSystem) or settings.ORDER_API_OPEN
