from argparse import ArgumentParser, RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import CommandError
from django.db.models import Max
from tqdm import tqdm

from events.export.manifest import Manifest
from events.export.run import FORMS, Export, export
from events.feed.cursor import cursor_of
from events.log.filters import EventFilterSet
from events.models import Event
from foundation.errors import ForFarError
from foundation.management.base import LongCommand

# A filter that depends on the time of the run could not be continued by the next run.
FILTERS = [name for name in EventFilterSet.base_filters if name != "pattern"]
DETAILS = """
The files are day=YYYY-MM-DD/events-….FORMAT, by the day (UTC) of occurred_at. manifest.json names each file
with its number of events, its size and its SHA-256. It also has the position up to which the export is
complete, and the last seal within it. Run the command again to add what has settled since. You can stop it at
any time, even by a power cut, and run it again: no event is missing or there twice. A file that the manifest
does not name does not count. The log has no personal data.

  manage.py export_events /srv/lake/events --format parquet
  manage.py export_events s3://lake/events --format csv --since 2026-01-01 --type printed

S3 and Parquet need requirements-export.txt. Credentials come from the environment (AWS_ACCESS_KEY_ID, …).
For S3 that is not Amazon's, use s3://bucket/folder?endpoint_override=host:port&scheme=http
"""


class Command(LongCommand):
    help = "Write settled events to a folder or S3 as CSV, NDJSON or Parquet, one file per day and run."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        return super().create_parser(
            prog_name,
            subcommand,
            epilog=DETAILS,
            formatter_class=RawDescriptionHelpFormatter,
            **kwargs,
        )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("place", metavar="PLACE", help="a folder, or s3://bucket/folder")
        parser.add_argument("--format", choices=list(FORMS), default="csv", help="default: %(default)s")
        parser.add_argument("--quiet", action="store_true", help="no progress bar")
        group = parser.add_argument_group("only events that")
        helps = {
            "since": "occurred at or after this moment (ISO 8601)",
            "until": "occurred before this moment",
            "type": "are of this type",
            "actor": "are by this actor or kind of actor: printer, printer:12",
            "request": "have this correlation id",
        }
        for name in FILTERS:
            group.add_argument(f"--{name}", metavar="X", help=helps.get(name, f"belong to this {name}"))

    def handle(self, *args: Any, **options: Any) -> None:
        asked = _asked(options)
        before = None
        try:
            with tqdm(unit=" events", unit_scale=True, disable=options["quiet"] or None) as bar:
                for manifest in export(asked, progress=bar.update):
                    if before is None:
                        before = manifest.events
                        bar.total = _estimate(manifest) if not asked.given else None
                        bar.refresh()
        except ForFarError as error:
            raise CommandError(str(error)) from error
        added = manifest.events - (before or 0)
        self.stdout.write(f"Added {added} events, up to {cursor_of(manifest.through)}.")


def _asked(options: dict[str, Any]) -> Export:
    given = {name: options[name] for name in FILTERS if options[name] is not None}
    filters = EventFilterSet(given)
    for name, problems in filters.errors.items():
        raise CommandError(f"--{name}: {problems[0]}")
    return Export(options["place"].rstrip("/"), options["format"], filters, given)


def _estimate(manifest: Manifest) -> int:
    """Estimate how many events are left from the highest id: ids have few gaps."""
    last = Event.objects.aggregate(last=Max("id"))["last"] or 0
    return max(0, last - manifest.events)
