"""The file of seals, outside of the database: one line of JSON for each seal, only ever appended to.

Several processes may append to it. On several machines, each has its own file.
"""

import fcntl
import json
import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple

from events.models import Seal
from events.seals.form import seal_line
from foundation.errors import ForFarError, gettext_noop
from foundation.files import sync, sync_folder

logger = logging.getLogger(__name__)

SEALS_PER_FETCH = 1000
_TAIL_BYTES = 4096  # longer than any line


class SealFileError(ForFarError):
    """The file was changed, or it belongs to another table of seals."""

    code = "seal_file"
    message = gettext_noop("The file of seals %(path)s cannot be continued: %(problem)s.")


class BadLineError(ForFarError):
    code = "seal_file_line"
    message = gettext_noop("Line %(line)s of the file of seals is not a seal that follows the one before.")


class Line(NamedTuple):
    """One seal as the file has it."""

    number: int
    text: bytes


def catch_up(path: Path) -> int:
    """Append the seals that the file lacks, and return how many. Raises SealFileError.

    1. Wait for other processes that are appending.
    2. Compare the last complete line with the table's seal of that number.
    3. Complete a line that a crash has cut off, append the rest, and sync the file.
    """
    is_new = not path.exists()
    with path.open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        last, cut = _end_of(file, path)
        written = 0
        for seal in Seal.objects.filter(number__gt=last).order_by("number").iterator(SEALS_PER_FETCH):
            line = seal_line(seal)
            if not line.startswith(cut):
                problem = f"its last line is not the beginning of seal {seal.number}"
                raise SealFileError(path=path, problem=problem)
            file.write(line[len(cut) :])
            cut = b""
            written += 1
        if cut:
            raise SealFileError(path=path, problem="its last line is cut, and the table has no such seal")
        if written:
            sync(file)
    if is_new:
        sync_folder(path.parent)
    if written > 1:
        logger.warning("Wrote %d seals that %s lacked.", written, path)
    return written


def read(path: Path, *, size: int) -> Iterator[Line]:
    """Yield the complete lines among the file's first `size` bytes.

    Raises BadLineError at the first line that is not a seal or is out of order.
    """
    previous = read_so_far = 0
    with path.open("rb") as file:
        for position, text in enumerate(file, start=1):
            read_so_far += len(text)
            if read_so_far > size or not text.endswith(b"\n"):
                return  # a line that a crash has cut off does not count until catch_up completes it
            number = _number(text)
            if number is None or number <= previous:
                raise BadLineError(line=position)
            yield Line(number, text)
            previous = number


def _end_of(file: IO[bytes], path: Path) -> tuple[int, bytes]:
    """Return the number of the last complete line, 0 for none, and the incomplete line after it."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _TAIL_BYTES))
    *lines, cut = file.read().split(b"\n")
    if not lines:
        if size > len(cut):
            raise SealFileError(path=path, problem="its last line is longer than any seal")
        return 0, cut
    text = lines[-1] + b"\n"
    number = _number(text)
    seal = Seal.objects.filter(number=number).first() if number else None
    if seal is None or seal_line(seal) != text:
        raise SealFileError(path=path, problem=f"its last seal, {number}, is not the table's")
    return seal.number, cut


def _number(text: bytes) -> int | None:
    try:
        number = json.loads(text)["number"]
    except (ValueError, LookupError, TypeError):
        return None
    return number if isinstance(number, int) and number > 0 else None
