"""python -m …archive.killed FOLDER STEP: archive, and be killed after so many steps."""

import os
import signal
import sys
from pathlib import Path

import django


def main(folder: Path, kill_after: int) -> None:
    django.setup()
    from checks.integrity.archive import archive
    from tests.integration.checks.integrity.archive.helpers import BEFORE, NOW

    steps = 0

    def step(name: str) -> None:
        nonlocal steps
        steps += 1
        if steps == kill_after:
            sys.stdout.write(name)
            sys.stdout.flush()
            os.kill(os.getpid(), signal.SIGKILL)

    for _ in archive(before=BEFORE, folder=folder, now=NOW, step=step):
        pass


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
