"""Writes the data dictionary of docs/analytics.md from the database's comments and the registry of events."""

from collections.abc import Iterable, Iterator
from dataclasses import fields
from pathlib import Path
from types import GenericAlias
from typing import Any, get_args

from django.conf import settings
from django.db import connection

import checks.domain.event_types  # noqa: F401 - registers the payloads
from events.log.registry import registry

PAGE = Path(settings.BASE_DIR) / "docs" / "analytics.md"
BEGIN = "<!-- The dictionary begins here; script/dictionary writes it. -->"
END = "<!-- The dictionary ends here. -->"

RELATIONS = """
    SELECT c.oid, CASE n.nspname WHEN 'analytics' THEN 'analytics.' ELSE '' END || c.relname,
           obj_description(c.oid, 'pg_class')
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'v') AND (n.nspname = 'analytics' OR c.oid = 'events_event'::regclass)
    ORDER BY n.nspname <> 'analytics', c.relkind = 'r', c.relname
"""
COLUMNS = """
    SELECT attname, format_type(atttypid, atttypmod), col_description(attrelid, attnum)
    FROM pg_attribute WHERE attrelid = %s AND attnum > 0 AND NOT attisdropped ORDER BY attnum
"""
SHORT = {"timestamp with time zone": "timestamptz", "double precision": "float8"}
NAMES = {int: "whole number", str: "text", bool: "true or false", type(None): "null"}


def written(page: str) -> str:
    """Return the page with the current dictionary between its two marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{dictionary()}\n\n{END}{after}"


def dictionary() -> str:
    """Describe every view, table and event that an analyst can read, as Markdown."""
    return "\n\n".join([*_relations(), _events()])


def _relations() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(RELATIONS)
        for oid, name, comment in cursor.fetchall():
            cursor.execute(COLUMNS, [oid])
            rows = [(f"`{column}`", SHORT.get(kind, kind), text) for column, kind, text in cursor.fetchall()]
            yield f"### {name}\n\n{comment}\n\n{_table(('column', 'type', ''), rows)}"


def _events() -> str:
    rows = []
    for name, payload in registry.names().items():
        known = ", ".join(f"{field.name} ({_type(field.type)})" for field in fields(payload)) or "–"
        rows.append((f"`{name}`", str(registry.current_version(name)), known, _meaning(payload)))
    title = "### Events\n\nWhat `events_event.data` holds, by `type`, in the current `schema_version`."
    return f"{title}\n\n{_table(('type', 'version', 'data', ''), rows)}"


def _type(annotation: Any) -> str:
    if isinstance(annotation, GenericAlias):
        return f"list of {_type(get_args(annotation)[0])}"
    if options := get_args(annotation):
        return " or ".join(map(_type, options))
    return NAMES[annotation]


def _meaning(payload: type) -> str:
    """Return the class's docstring. Dataclasses without one get one from Python that lists their fields."""
    text = payload.__doc__ or ""
    return "" if text.startswith(f"{payload.__name__}(") else " ".join(text.split())


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [heads, ("---",) * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)
