"""When each printer was last heard of, at next to no cost for its poll.

Every process notes in memory whom it heard, which costs no query. The request that finds its process's last
writing ten seconds old writes all notes with one statement, and only those that are news to the table by half
a minute. So a printer's row changes at most twice a minute, and may be that much behind.
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

# In the order of the printers, so that two processes cannot wait for each other's rows. Rows that are no news
# are left out before the insertion: a conflict alone would lock, and so write, the row.
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
    """The notes of one process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._noted: dict[int, datetime] = {}
        self._write_at = time.monotonic() + WRITE_EVERY_SECONDS

    def note(self, printer_id: int, now: datetime) -> None:
        """Note that the printer was heard, and write all notes when it is time for that."""
        with self._lock:
            self._noted[printer_id] = now
            if time.monotonic() < self._write_at:
                return
            noted, self._noted = self._noted, {}
            self._write_at = time.monotonic() + WRITE_EVERY_SECONDS
        write(noted)


def write(noted: dict[int, datetime]) -> None:
    """Write what is news; a printer must not wait for it, so a database that refuses is logged only."""
    parameters: dict[str, Any] = {"printers": list(noted), "moments": list(noted.values()), "news": NEWS}
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(WRITE, parameters)
    except DatabaseError as error:
        logger.warning("The last presence of %s printers are lost: %s", len(noted), type(error).__name__)


_buffer = PerProcess(PresenceBuffer)


def note(printer_id: int, *, now: datetime) -> None:
    """Note that this printer was heard at this moment."""
    _buffer().note(printer_id, now)
