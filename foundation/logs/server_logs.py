"""What the web server says of itself, in the form of all other lines (foundation/logs/granian.json names this)."""

import logging
import logging.config
import os

from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "forfar.settings")


def formatter() -> logging.Formatter:
    """Return the formatter that the settings choose."""
    logging.config.dictConfig(settings.LOGGING)
    chosen = logging.root.handlers[0].formatter
    if chosen is None:
        raise LookupError("The root logger's handler has no formatter.")
    return chosen
