"""Queries about printers."""

from datetime import datetime

from django.db import connection

from printers.models import Printer, PrinterPresence

# Written out: 20,000 printers ask every five seconds, and Django takes longer to build this query than
# PostgreSQL takes to answer it.
PRINTER_COLUMNS = [field.attname for field in Printer._meta.concrete_fields]
PRINTER_BY_KEY = f"SELECT {', '.join(PRINTER_COLUMNS)} FROM printers_printer WHERE api_key = %s"  # noqa: S608


def printer_by_key(api_key: str) -> Printer | None:
    """Return the printer that has this key, or None."""
    with connection.cursor() as cursor:
        cursor.execute(PRINTER_BY_KEY, [api_key])
        row = cursor.fetchone()
    return Printer.from_db(connection.alias, PRINTER_COLUMNS, row) if row else None


def last_seen_at(printer: Printer) -> datetime | None:
    """Return when the printer was last seen, or None. One query unless the presence was selected."""
    presence: PrinterPresence | None = getattr(printer, "presence", None)
    return presence.last_seen_at if presence else None
