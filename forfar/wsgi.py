"""The WSGI application that granian serves."""

import os
from typing import Any

import django
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.utils.http import parse_header_parameters

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "forfar.settings")


class Utf8Request(WSGIRequest):
    """A request whose query is UTF-8, no matter what charset its body claims.

    Django decodes the query with that charset while it makes the request, before it handles any errors:
    `charset=base64` would end in a plain 500.
    """

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))


class Handler(WSGIHandler):
    request_class = Utf8Request


def _say_who_gets_in() -> None:
    from order_systems.startup import log_when_nobody_gets_in  # needs the applications

    log_when_nobody_gets_in()


django.setup(set_prefix=False)
_say_who_gets_in()
application = Handler()
