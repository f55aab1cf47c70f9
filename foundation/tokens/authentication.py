"""Programs prove who they are by a token in `Authorization: Bearer <token>`."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from foundation.http import wrong_keys
from foundation.http.client_address import client_address
from foundation.http.credentials import BEARER, sent_credentials
from foundation.tokens.models import SecretToken
from foundation.tokens.selectors import find_by_secret
from foundation.tokens.services import note_use


class TokenAuthentication(BaseAuthentication):
    """Take one kind of token. A wrong token is refused even where none is needed."""

    def usable_tokens(self) -> QuerySet[Any]:
        """Return the tokens that are valid now."""
        raise NotImplementedError

    def bearer(self, token: Any) -> Any:
        """Return who presents this token, for `request.user`."""
        return token

    def authenticate(self, request: Request) -> tuple[Any, SecretToken] | None:
        secrets = sent_credentials(request.headers, BEARER)
        if not secrets:
            return None
        secret = secrets.pop()
        address = client_address(request._request)
        wrong_keys.refuse_guesser(address)
        token = find_by_secret(self.usable_tokens(), secret)
        if token is None:
            wrong_keys.count_wrong_key(address, secret)
            raise AuthenticationFailed
        note_use(token=token, now=timezone.now())
        return self.bearer(token), token

    def authenticate_header(self, request: Request) -> str:
        return BEARER
