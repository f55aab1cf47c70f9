"""Writes a page of the log as JSON, NDJSON or CSV, piece by piece."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import orjson

from events.feed.columns import COLUMNS, public_name
from events.feed.cursor import cursor_of
from events.feed.pieces import Piece, Row
from events.feed.reading import Position

NAMES = ["cursor", "id", *map(public_name, COLUMNS[2:])]
DATA = NAMES.index("data")
MOMENTS = [NAMES.index(name) for name in ("occurred_at", "recorded_at")]


class Format(NamedTuple):
    """A way to write a page."""

    content_type: str
    write: Callable[[Iterable[Piece]], Iterator[bytes]]


def as_json(pieces: Iterable[Piece]) -> Iterator[bytes]:
    """Write one object with `events`, `next` and `more`."""
    yield b'{"events":['
    between, last = b"", None
    for piece in pieces:
        if piece.rows:
            yield between + b",".join(orjson.dumps(_object(row)) for row in piece.rows)
            between = b","
        last = piece
    yield b"]," + _end(last)[1:]


def as_ndjson(pieces: Iterable[Piece]) -> Iterator[bytes]:
    """Write one object per line. The last line has `next` and `more`: without it, the answer was cut off."""
    last = None
    for piece in pieces:
        yield b"".join(orjson.dumps(_object(row)) + b"\n" for row in piece.rows)
        last = piece
    yield _end(last) + b"\n"


def as_csv(pieces: Iterable[Piece]) -> Iterator[bytes]:
    """Write a header, then one line per event, with `data` as JSON. No cell can be taken for a formula."""
    yield _lines([NAMES])
    for piece in pieces:
        if piece.rows:
            yield _lines(map(_cells, piece.rows))


FORMATS = {
    "json": Format("application/json", as_json),
    "ndjson": Format("application/x-ndjson", as_ndjson),
    "csv": Format("text/csv", as_csv),
}


def _values(row: Row) -> list[Any]:
    place, rest = Position(row[0], row[1]), row[2:-2]
    return [cursor_of(place), place.id, *rest, bytes(row[-2]).hex(), bytes(row[-1]).hex()]


def _object(row: Row) -> dict[str, Any]:
    return dict(zip(NAMES, _values(row), strict=True))


def _cells(row: Row) -> list[Any]:
    cells = _values(row)
    cells[DATA] = orjson.dumps(cells[DATA]).decode()
    for index in MOMENTS:
        cells[index] = cells[index].isoformat()
    return cells


def _lines(rows: Iterable[Iterable[Any]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def _end(last: Piece | None) -> bytes:
    if last is None:
        raise ValueError("A page has at least one piece.")
    return orjson.dumps({"next": cursor_of(last.end), "more": last.more})
