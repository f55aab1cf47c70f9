"""What stands in the place of wkhtmltopdf: the real one, or one that does wrong."""

import shutil
from pathlib import Path

_HEAD = """#!/bin/sh
case "$*" in *--version*) exec {real} --version ;; esac
"""
KINDS = {
    "works": 'exec {real} "$@"\n',
    "hangs": "while read -r line; do :; done\n",  # until its stdin is closed
    "crashes": "read -r line; echo 'Loading page' >&2; kill -SEGV $$\n",
    "writes nothing": "while read -r source target; do echo Done >&2; done\n",
    "writes garbage": (
        "while read -r source target; do\n"
        "    echo '<html>502 Bad Gateway</html>' > \"$target\"; echo Done >&2\n"
        "done\n"
    ),
}


class Renderers:
    """A program at one place that can be another from one document to the next."""

    def __init__(self, folder: Path, temporary: Path) -> None:
        folder.mkdir()
        self.binary = folder / "wkhtmltopdf"
        self._temporary = temporary
        self._real = shutil.which("wkhtmltopdf") or "wkhtmltopdf"
        self.be("works")

    def be(self, kind: str) -> None:
        unfinished = self.binary.with_suffix(".new")
        unfinished.write_text((_HEAD + KINDS[kind]).format(real=self._real))
        unfinished.chmod(0o755)
        unfinished.replace(self.binary)

    def documents(self) -> list[Path]:
        """What is being rendered at this moment."""
        return list(self._temporary.glob("forfar-render-*/*.html"))
