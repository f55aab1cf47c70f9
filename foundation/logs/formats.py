"""How log lines look: objects for machines or lines for people, and no secrets in either.

Free of Django, so that a web server can write its own lines in the same way.
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
    """A JSON object on a line, with the fields that docs/operations.md lists."""

    def add_fields(
        self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]
    ) -> None:
        """Name every field: the library would add all that a record carries, a request with its query too."""
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
    """Return the configuration of `logging` in which every logger's lines go to standard error."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": FORMATTERS,
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": form}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django.server": {"handlers": [], "propagate": True},
            "axes": {"level": "WARNING"},  # below it reports every login and cleaning
            "rq.cron": {"level": "WARNING"},  # below it reports every job, one each second or two
        },
    }
