"""A renderer that a test can hold back."""

import shlex
import shutil
from pathlib import Path

from django.conf import settings


class SlowRenderer:
    """The real renderer, that begins when it is let."""

    def __init__(self, folder: Path) -> None:
        self.gate, self.reached, self.program = (folder / name for name in ("gate", "reached", "slow"))
        real = shlex.quote(str(shutil.which(settings.WKHTMLTOPDF_BINARY)))
        self.program.write_text(
            f"#!/bin/sh\n: > {shlex.quote(str(self.reached))}\n"
            f'while ! [ -e {shlex.quote(str(self.gate))} ]; do sleep 0.1; done\nexec {real} "$@"\n'
        )
        self.program.chmod(0o755)

    def let(self) -> None:
        self.gate.touch()
