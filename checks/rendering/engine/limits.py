"""What a renderer's process may use: a few variables of the environment, and bounded resources."""

import os
import resource
import shutil
from pathlib import Path

MAX_PDF_BYTES = 64 * 1024 * 1024

# For a process that lives for some hundred documents. It maps 1.4 GB at its start, most of it never touched;
# the slowest document that an order can make takes 3 s. An end at a limit is a crash, and is tried again.
_LIMITS = {
    "as": (resource.RLIMIT_AS, 2560 * 1024 * 1024),
    "cpu": (resource.RLIMIT_CPU, 900),
    "fsize": (resource.RLIMIT_FSIZE, MAX_PDF_BYTES),
    "nofile": (resource.RLIMIT_NOFILE, 256),
    "core": (resource.RLIMIT_CORE, 0),
}


def limiting_prefix() -> list[str]:
    """Give what to put before a command that shall run within limits; nothing without util-linux.

    A command sets them, not code between fork and exec, which is not safe in a process with threads.
    """
    if shutil.which("prlimit") is None:
        return []
    return ["prlimit", *(f"--{name}={_possible(*limit)}" for name, limit in _LIMITS.items()), "--"]


def _possible(kind: int, wanted: int) -> int:
    """Give the limit, or the one that we have ourselves where it is lower: nobody may raise that."""
    own = resource.getrlimit(kind)[1]
    return wanted if own == resource.RLIM_INFINITY else min(wanted, own)


def minimal_environment(folder: Path) -> dict[str, str]:
    """Only what the binary needs: none of our secrets, and no file of its own outside `folder`."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "XDG_RUNTIME_DIR": str(folder),
        "LANG": "C.UTF-8",
        # Qt asks for printers at every document; without this it connects to 127.0.0.1:631.
        "CUPS_SERVER": str(folder / "no-printers"),
    }
