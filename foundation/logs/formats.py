"""The formats of log lines: JSON for machines, text for people, without secrets in either.

Without Django, so that a web server can use them for its own lines.
"""

import logging
from datetime import datetime, timezone
from typing import Any

from pythonjsonlogger.json import JsonFormatter

from foundation.context import known_correlation_id
from foundation.logs.redaction import redacted

ACCESS = "forfar.access"


class LineFormatter(logging.Formatter):
    """A line for people."""

    def format(self, record: logging.LogRecord) -> str:
        return redacted(super().format(record))


class ObjectFormatter(JsonFormatter):
    """A JSON object on one line, with the fields that docs/operations.md lists."""

    def add_fields(
        self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]
    ) -> None:
        """List every field. The library would add everything in a record, even a request with its query."""
        moment = datetime.fromtimestamp(record.created, timezone.utc)
        log_data["time"] = moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        log_data["level"] = record.levelname
        log_data["logger"] = record.name
        log_data["message"] = redacted(record.getMessage())
        request = known_correlation_id()
        if request is not None:
            log_data["correlation_id"] = str(request)
        log_data["pid"] = record.process
        if record.exc_info:
            log_data["exception"] = redacted(logging.Formatter.formatException(self, record.exc_info))
        log_data.update(getattr(record, "access", {}))


FORMATTERS = {
    "json": {"()": "foundation.logs.formats.ObjectFormatter", "json_ensure_ascii": False},
    "line": {
        "()": "foundation.logs.formats.LineFormatter",
        "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
    },
}


def configuration(*, form: str, level: str) -> dict[str, Any]:
    """Return the configuration of `logging`: all lines go to standard error."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": FORMATTERS,
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": form}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django.server": {"handlers": [], "propagate": True},
            "axes": {"level": "WARNING"},  # INFO has every login and cleaning
            "rq.cron": {"level": "WARNING"},  # INFO has a line every second or two
        },
    }
