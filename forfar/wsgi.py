"""The WSGI application that granian serves."""

import multiprocessing
import os
import signal
from typing import Any

import django
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.utils.http import parse_header_parameters

if multiprocessing.parent_process():
    # granian 2.8 forks a web process with handlers that do not stop it. A SIGTERM while the application loads
    # would be lost, and the process killed when SHUTDOWN_SECONDS are over. granian sets others afterwards.
    # On upgrade: does WorkerProcess reset them before it calls callback_loader?
    for _signum in (signal.SIGINT, signal.SIGTERM):
        signal.signal(_signum, signal.SIG_DFL)

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
