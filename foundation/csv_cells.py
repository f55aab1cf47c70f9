"""CSV for spreadsheets: cells that a spreadsheet shows as text and never runs as a formula."""

import csv
import io
import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone

BYTE_ORDER_MARK = "\ufeff"  # without it Excel misreads Cyrillic
# Spreadsheets take text that begins so for a formula, even after spaces and in full width.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# A signed number, or a phone such as +7 (917) 333-22-22: it names no function, no cell and no program.
NUMBER = re.compile(r"[+-]\d+([.,]\d+)?")
PHONE = re.compile(r"\+\d[\d ()-]*")


def csv_lines(rows: Iterable[Iterable[Any]]) -> str:
    """Write the rows as CSV; "" for no rows."""
    text = io.StringIO()
    csv.writer(text).writerows(map(csv_cell, row) for row in rows)
    return text.getvalue()


def csv_cell(value: Any) -> Any:
    """Write a moment in the service's time zone, and text so that no spreadsheet takes it for a formula.

    A hyphen in a phone becomes a space: Excel would subtract. An apostrophe marks everything else as text.
    """
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat()
    if not isinstance(value, str) or not value.lstrip(" ").startswith(FORMULA) or NUMBER.fullmatch(value):
        return value
    return value.replace("-", " ") if PHONE.fullmatch(value) else f"'{value}"
