import sys
from argparse import ArgumentParser
from typing import Any

from tqdm import tqdm

from checks.integrity.stored_documents import inspect_documents
from checks.models import Check
from foundation.management.base import LongCommand


class Command(LongCommand):
    help = (
        "Read the PDF of every check and compare it with the size and the SHA-256 in its event. Exits 1 and "
        "lists the PDFs that are missing or differ: mark such a check as failed and render it again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("check_id", nargs="*", type=int, help="only these checks (default: all)")
        parser.add_argument("--quiet", action="store_true", help="no progress bar")

    def handle(self, *args: Any, **options: Any) -> None:
        check_ids: list[int] | None = options["check_id"] or None
        documents = broken = 0
        bar = tqdm(
            inspect_documents(check_ids),
            total=len(check_ids) if check_ids else Check.objects.exclude(pdf_file="").count(),
            unit=" PDFs",
            disable=options["quiet"] or None,
        )
        for document in bar:
            documents += 1
            if document.problem:
                broken += 1
                tqdm.write(str(document), file=self.stdout)
        self.stdout.write(f"{documents} PDFs, {broken} missing or not as they were recorded.")
        if broken:
            sys.exit(1)
