"""When each printer was last seen, at almost no cost for its poll.

Each process notes in memory which printers it saw. The first request ten seconds after the last write writes
all notes with one statement, which changes only rows that are half a minute old. So a printer's row changes
at most twice a minute, and may be half a minute behind.
"""

import logging
import threading
import time
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, connection, transaction

from foundation.per_process import PerProcess

logger = logging.getLogger(__name__)

WRITE_EVERY_SECONDS = 10.0
NEWS = timedelta(seconds=30)

# Sorted by printer, so that two processes cannot deadlock. Rows that are new enough are left out before the
# INSERT: a conflict alone would lock the row, which is a write.
WRITE = """
    INSERT INTO printers_printerpresence AS known (printer_id, last_seen_at)
    SELECT printer.id, noted.last_seen_at
    FROM unnest(%(printers)s::bigint[], %(moments)s::timestamptz[]) AS noted (printer_id, last_seen_at)
    JOIN printers_printer AS printer ON printer.id = noted.printer_id
    LEFT JOIN printers_printerpresence AS before ON before.printer_id = printer.id
    WHERE before.last_seen_at IS NULL OR before.last_seen_at <= noted.last_seen_at - %(news)s
    ORDER BY printer.id
    ON CONFLICT (printer_id) DO UPDATE SET last_seen_at = EXCLUDED.last_seen_at
    WHERE known.last_seen_at <= EXCLUDED.last_seen_at - %(news)s
"""


class PresenceBuffer:
    """One process's notes of when it saw which printer."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._noted: dict[int, datetime] = {}
        self._write_at = time.monotonic() + WRITE_EVERY_SECONDS

    def note(self, printer_id: int, now: datetime) -> None:
        """Note that the printer was seen now, and write all notes if the last write is long ago."""
        with self._lock:
            self._noted[printer_id] = now
            if time.monotonic() < self._write_at:
                return
            noted, self._noted = self._noted, {}
            self._write_at = time.monotonic() + WRITE_EVERY_SECONDS
        write(noted)


def write(noted: dict[int, datetime]) -> None:
    """Write the notes. An error of the database is only logged, because a printer must get its answer."""
    parameters: dict[str, Any] = {"printers": list(noted), "moments": list(noted.values()), "news": NEWS}
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(WRITE, parameters)
    except DatabaseError as error:
        logger.warning("The last presence of %s printers are lost: %s", len(noted), type(error).__name__)


_buffer = PerProcess(PresenceBuffer)


def note(printer_id: int, *, now: datetime) -> None:
    """Note that this process saw the printer at this moment."""
    _buffer().note(printer_id, now)
