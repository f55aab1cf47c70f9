"""Isolates the renderer from network and files as far as the machine allows; see docs/decisions/0017.

Each way is a command that runs another. Bubblewrap hides the network and all files except programs, fonts and
the renderer's folder. unshare hides only the network. Every process tries once which of them works.
"""

import logging
import math
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from checks.rendering.engine.limits import limiting_prefix, minimal_environment
from checks.rendering.errors import RenderError
from foundation.per_process import per_process

logger = logging.getLogger(__name__)

AUTO, ON, OFF = "AUTO", "ON", "OFF"

_PROBE_TIMEOUT_SECONDS = 5.0
_SECONDS_WITHOUT_A_WAY = 60
_OWN_NETWORK = "/proc/self/ns/net"
_FOLDERS = ("/bin", "/sbin", "/lib", "/lib32", "/lib64")  # on most systems links into /usr
_FONTS = ("/etc/fonts", "/etc/ld.so.cache", "/var/cache/fontconfig")


@dataclass(frozen=True)
class Way:
    """`prefix` takes the binary and its working folder."""

    name: str
    prefix: Callable[[str, Path], list[str]]


def _bubblewrap(binary: str, folder: Path) -> list[str]:
    mounts = ["--ro-bind", "/usr", "/usr"]
    for path in _FOLDERS:
        if Path(path).is_symlink():
            mounts += ["--symlink", str(Path(path).readlink()), path]
        else:
            mounts += ["--ro-bind-try", path, path]
    for path in _FONTS if binary.startswith("/usr/") else (*_FONTS, binary):
        mounts += ["--ro-bind-try", path, path]
    own = ["--proc", "/proc", "--dev", "/dev", "--bind", str(folder), str(folder), "--chdir", str(folder)]
    return ["bwrap", "--unshare-all", "--die-with-parent", *mounts, *own, "--"]


WAYS = (
    Way("no network and no files (bubblewrap)", _bubblewrap),
    Way("no network (unshare)", lambda *_: ["unshare", "--net"]),
    Way(
        "no network (unshare, in a user namespace)",
        lambda *_: ["unshare", "--user", "--map-current-user", "--net"],
    ),
)


def confining_prefix(sandbox: str, binary: str, folder: Path) -> list[str]:
    """Return the words to put before the renderer's command. Raises RenderError (not_isolated)."""
    way = find_way(binary) if sandbox != OFF else None
    if way is None and sandbox == ON:
        raise RenderError(reason="not_isolated", permanent=False, detail="RENDER_SANDBOX is on")
    return [*limiting_prefix(), *(way.prefix(binary, folder) if way else [])]


def find_way(binary: str) -> Way | None:
    """Return the first way that works for this binary, and log it.

    A way that works is cached for the life of the process. That none works is cached for a minute, because
    the machine may only have been short of processes.
    """
    known = _known_ways()
    found, until = known.get(binary, (None, 0.0))
    if time.monotonic() < until:
        return found
    way = next((way for way in WAYS if _works(way, binary)), None)
    if way is None:
        logger.warning("The renderer is not isolated: neither bubblewrap nor unshare works here.")
    else:
        logger.info("The renderer is isolated: %s.", way.name)
    known[binary] = way, math.inf if way else time.monotonic() + _SECONDS_WITHOUT_A_WAY
    return way


@per_process(is_constant=True)
def _known_ways() -> dict[str, tuple[Way | None, float]]:
    """Return what works for each binary, and until when that holds."""
    return {}


def _works(way: Way, binary: str) -> bool:
    """Tell whether a command run this way has its own network, and whether the binary runs at all."""
    with tempfile.TemporaryDirectory(prefix="forfar-render-") as name:
        folder = Path(name)
        prefix = [*limiting_prefix(), *way.prefix(binary, folder)]
        network = _output([*prefix, "readlink", _OWN_NETWORK], folder)
        if network is None or network.strip() == str(Path(_OWN_NETWORK).readlink()):
            return False
        return _output([*prefix, binary, "--version"], folder) is not None


def _output(command: list[str], folder: Path) -> str | None:
    """Return the command's output, or None if it fails or cannot be run."""
    try:
        answer = subprocess.run(  # noqa: S603 - constants and a setting
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            cwd=folder,
            env=minimal_environment(folder),
            timeout=_PROBE_TIMEOUT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return None if answer.returncode else answer.stdout.decode("utf-8", "replace")
