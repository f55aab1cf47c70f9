"""The web server's log lines, in the format of all others. foundation/logs/granian.json names this."""

import logging
import logging.config
import os

from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "forfar.settings")


def formatter() -> logging.Formatter:
    """Return the formatter of the settings."""
    logging.config.dictConfig(settings.LOGGING)
    chosen = logging.root.handlers[0].formatter
    if chosen is None:
        raise LookupError("The root logger's handler has no formatter.")
    return chosen
