"""Who may read the log: programs with a token for it, staff with their session and permission."""

from typing import Any

from django.db.models import QuerySet
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from events.api.tokens import usable_tokens
from events.models import ReaderToken
from foundation.tokens.authentication import TokenAuthentication

PERMISSION = "events.view_event"


class ReaderAuthentication(TokenAuthentication):
    """Take a reader's token; `request.user` is the token. An order system's token does not open the log."""

    def usable_tokens(self) -> QuerySet[ReaderToken]:
        return usable_tokens()


class MayReadEvents(BasePermission):
    """Let readers in, and staff who may see events in the admin."""

    def has_permission(self, request: Request, view: Any) -> bool:
        user: Any = request.user
        return isinstance(user, ReaderToken) or bool(
            user and user.is_staff and user.is_active and user.has_perm(PERMISSION)
        )
