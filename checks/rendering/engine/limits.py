"""The resources and environment variables of a renderer's process."""

import os
import resource
import shutil
from pathlib import Path

MAX_PDF_BYTES = 64 * 1024 * 1024

# For a process that renders a few hundred documents. It maps 1.4 GB at its start, mostly untouched. The
# slowest document takes 3 s. A process that hits a limit counts as crashed, and the job is retried.
_LIMITS = {
    "as": (resource.RLIMIT_AS, 2560 * 1024 * 1024),
    "cpu": (resource.RLIMIT_CPU, 900),
    "fsize": (resource.RLIMIT_FSIZE, MAX_PDF_BYTES),
    "nofile": (resource.RLIMIT_NOFILE, 256),
    "core": (resource.RLIMIT_CORE, 0),
}


def limiting_prefix() -> list[str]:
    """Return the words to put before a command that runs within limits; none without util-linux.

    A command sets the limits, because code between fork and exec is not safe in a process with threads.
    """
    if shutil.which("prlimit") is None:
        return []
    return ["prlimit", *(f"--{name}={_possible(*limit)}" for name, limit in _LIMITS.items()), "--"]


def _possible(kind: int, wanted: int) -> int:
    """Return the limit, or our own hard limit if that is lower."""
    own = resource.getrlimit(kind)[1]
    return wanted if own == resource.RLIM_INFINITY else min(wanted, own)


def minimal_environment(folder: Path) -> dict[str, str]:
    """Return only what the binary needs: no secrets of ours, and no files outside `folder`."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "XDG_RUNTIME_DIR": str(folder),
        "LANG": "C.UTF-8",
        # Qt looks for printers with every document; without this it connects to 127.0.0.1:631.
        "CUPS_SERVER": str(folder / "no-printers"),
    }
