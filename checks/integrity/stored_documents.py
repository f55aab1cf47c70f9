"""Comparing the stored PDFs with the events that recorded them."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.core.files.storage import default_storage
from django.db.models import OuterRef, Subquery
from django.db.models.fields.json import KT

from checks.models import Check
from events.models import Event


@dataclass(frozen=True)
class StoredDocument:
    """A PDF that was compared. `problem` is missing, size, altered, or "" for none."""

    check_id: int
    file: str
    problem: str

    def __str__(self) -> str:
        return f"check {self.check_id}: {self.file}: {self.problem}"


def inspect_documents(check_ids: Iterable[int] | None = None) -> Iterator[StoredDocument]:
    """Read the PDF of each rendered check and compare it with the event that recorded it.

    That is the check's last event with a file; a copy without a PDF of its own has none.
    """
    checks = Check.objects.exclude(pdf_file="").order_by("id")
    if check_ids is not None:
        checks = checks.filter(pk__in=check_ids)
    recorded = Event.objects.filter(stream=OuterRef("pk"), type__in=["rendered", "reprinted"])
    with_a_file = recorded.annotate(file=KT("data__file")).filter(file__gt="").order_by("-version")
    rows = checks.values_list("id", "pdf_file", Subquery(with_a_file.values("data")[:1]))
    for check_id, file, data in rows.iterator():
        yield StoredDocument(check_id, file, _problem(file, size=data["bytes"], sha256=data["sha256"]))


def _problem(file: str, *, size: int, sha256: str) -> str:
    digest, read = hashlib.sha256(), 0
    try:
        with default_storage.open(file) as document:
            for chunk in document.chunks():
                digest.update(chunk)
                read += len(chunk)
    except FileNotFoundError:
        return "missing"
    if read != size:
        return "size"
    return "" if digest.hexdigest() == sha256 else "altered"
