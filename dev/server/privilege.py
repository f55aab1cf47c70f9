"""PostgreSQL refuses to run as root: as root, run it as another user who can still reach our folders."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from dev.server.errors import DevServerError

# The last: without it access(2), which initdb asks, takes no notice of the capability.
KEEP_ACCESS = [
    "--inh-caps=-all,+dac_override",
    "--ambient-caps=-all,+dac_override",
    "--securebits=+no_setuid_fixup",
]


@dataclass(frozen=True)
class Account:
    """Who runs PostgreSQL, and what its commands begin with."""

    uid: int
    gid: int
    prefix: tuple[str, ...] = ()


def postgres_account(pgdata: Path, program: Path) -> Account:
    """Ourselves, or as root the owner of the existing data, or `nobody`."""
    if os.geteuid() != 0:
        return Account(os.getuid(), os.getgid())
    uid, gid = _owner(pgdata) or _nobody()
    change = ["--reuid", str(uid), "--regid", str(gid), "--clear-groups"]
    # With CAP_DAC_OVERRIDE a clone below /root works, and nobody's folders need to be opened.
    for options in ([*change, *KEEP_ACCESS, "--no-new-privs"], change):
        account = Account(uid, gid, ("setpriv", *options, "--"))
        if _works(account, pgdata.parent, program):
            return account
    raise DevServerError(
        "PostgreSQL does not run as root, and another user cannot be given access to the project's "
        "folders here: run this as an ordinary user, or set DATABASE_URL to a PostgreSQL server."
    )


def _owner(pgdata: Path) -> tuple[int, int] | None:
    status = pgdata.stat() if pgdata.exists() else None
    return (status.st_uid, status.st_gid) if status and status.st_uid != 0 else None


def _nobody() -> tuple[int, int]:
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        return 65534, 65534
    return entry.pw_uid, entry.pw_gid


def _works(account: Account, folder: Path, program: Path) -> bool:
    """Can this account read in `folder` and run the program?"""
    if shutil.which("setpriv") is None:
        return False
    probes = (["test", "-x", str(folder), "-a", "-x", str(program)], [str(program), "--version"])
    return all(_succeeds([*account.prefix, *probe]) for probe in probes)


def _succeeds(command: list[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0  # noqa: S603
