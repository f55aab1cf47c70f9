"""Exports what has settled since the last run, in portions."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from django.db import OperationalError
from django.db.models import QuerySet

from events.export import manifest as manifests
from events.export.errors import ExportRunsError
from events.export.files import CsvEncoder, DayFiles, JsonEncoder, MakeEncoder, Progress
from events.export.manifest import Manifest
from events.export.parquet import ParquetEncoder, require_pyarrow
from events.export.places import Place, place_at
from events.export.rows import AS_CSV, AS_JSON, DAY_OF_CSV, DAY_OF_JSON, NAMES, copy_out
from events.feed.cursor import cursor_of
from events.feed.pieces import end_of_stretch, horizon_position
from events.feed.reading import Position, stretch
from events.log.filters import EventFilterSet
from events.models import Event
from foundation.db.analytics import analytical_reads, require_shared_count
from foundation.db.locks import EXPORTS, hold_in_session, named, release

EVENTS_PER_PORTION = 1_000_000  # a run that is killed repeats at most this many
LOCK_NOT_AVAILABLE = "55P03"
OURS = re.compile(r"(day=[-0-9]{10}/events-[0-9]+-[0-9]+-[0-9]+\.\w+|manifest\.json)(\.part)?")


class Form(NamedTuple):
    """How rows of a format are written."""

    statement: str
    day: slice
    make_encoder: MakeEncoder


FORMS = {
    "csv": Form(AS_CSV, DAY_OF_CSV, CsvEncoder),
    "ndjson": Form(AS_JSON, DAY_OF_JSON, JsonEncoder),
    "parquet": Form(AS_CSV, DAY_OF_CSV, ParquetEncoder),
}


class Export(NamedTuple):
    """What to export. `filters` must be valid."""

    address: str
    format: str
    filters: EventFilterSet
    given: dict[str, str]

    def narrow(self, events: QuerySet[Event]) -> QuerySet[Event]:
        found: QuerySet[Event] = self.filters.filter_queryset(events)
        return found


def export(asked: Export, *, progress: Progress) -> Iterator[Manifest]:
    """Yield the manifest at the beginning and after each portion. A run can stop anywhere and be repeated.

    1. Remove files that the manifest does not name: an interrupted run has left them.
    2. Write the files of a portion. A file gets its name when it is complete.
    3. Write the manifest with the position up to which everything is exported. Continue with 2.

    Raises ExportDiffersError, ExportRunsError, ExportNeedsPackageError, BadPlaceError, and what the feed
    raises.
    """
    require_shared_count()
    if asked.format == "parquet":
        require_pyarrow()
    place = place_at(asked.address)
    with _alone(asked.address):
        wanted = Manifest(asked.format, asked.given, NAMES)
        manifest = manifests.load(place, asked.address, wanted=wanted)
        _remove_leftovers(place, manifest)
        manifests.save(manifest, place)  # from now on, other options are refused for this place
        yield manifest
        with analytical_reads() as database:
            settled = horizon_position(database)  # what settles meanwhile is left to the next run
        while manifest.through < settled:
            _export_portion(asked, place, manifest, settled, progress)
            manifests.save(manifest, place)
            yield manifest


def _export_portion(
    asked: Export, place: Place, manifest: Manifest, settled: Position, progress: Progress
) -> None:
    """Write the files of the next portion and add them to the manifest."""
    form = FORMS[asked.format]
    name = f"events-{cursor_of(manifest.through)}-*.{asked.format}"
    files = DayFiles(place, name, form.make_encoder, form.day, progress)
    with _abandoned_on_failure(files), analytical_reads(unlimited=True) as database:
        end = end_of_stretch(manifest.through, settled, EVENTS_PER_PORTION, database)
        events = asked.narrow(stretch(manifest.through, end).using(database))
        with files.buffered() as sink:
            copy_out(events, form.statement, sink, using=database)
        manifest.seals = manifests.covered_seals(end, database)
        manifest.files += files.finish()
    manifest.through = end


@contextmanager
def _abandoned_on_failure(files: DayFiles) -> Iterator[None]:
    try:
        yield
    except BaseException:
        files.abandon()
        raise


def _remove_leftovers(place: Place, manifest: Manifest) -> None:
    named = {*manifests.named(manifest), manifests.NAME}
    for name in list(place.names()):
        if name not in named and OURS.fullmatch(name):
            place.remove(name)


@contextmanager
def _alone(address: str) -> Iterator[None]:
    """Hold the place for one export. Raises ExportRunsError if another export keeps it.

    It waits for the usual lock timeout, because the session of a killed run may take a moment to end.
    """
    lock = named(EXPORTS, address)
    try:
        hold_in_session(lock)
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", None) != LOCK_NOT_AVAILABLE:
            raise
        raise ExportRunsError(place=address) from error
    try:
        yield
    finally:
        release(lock)
