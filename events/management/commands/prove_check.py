import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from events.seals.proof import NotSealedError, prove
from events.seals.sealing import seal_settled
from foundation.errors import ForFarError

ADVICE = "Events are sealed every minute. Use --seal-now to seal them at once."


class Command(BaseCommand):
    help = (
        "Write a proof, as JSON, that the events of a check are under the seals. tools/verify_proof.py "
        "verifies it anywhere. It needs only Python and the file of seals."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("check_id", type=int)
        parser.add_argument(
            "--output", type=Path, metavar="FILE", help="write the proof to this file (default: stdout)"
        )
        parser.add_argument("--seal-now", action="store_true", help="seal what is settled first")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["seal_now"]:
                seal_settled(now=timezone.now())
            proof = prove(options["check_id"])
        except NotSealedError as error:
            raise CommandError(f"{error} {ADVICE}") from error
        except ForFarError as error:
            raise CommandError(str(error)) from error
        text = json.dumps(proof, ensure_ascii=False, indent=1)
        if options["output"]:
            options["output"].write_text(text + "\n", encoding="utf-8")
        else:
            self.stdout.write(text)
