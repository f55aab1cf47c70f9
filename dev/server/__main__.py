"""python -m dev.server serve | run [--] COMMAND… | manage ARGUMENTS…: what the scripts call."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from dev.server import interrupts, processes
from dev.server.environment import (
    FOR_TESTS,
    PROJECT,
    data_folder,
    kept_secret,
    options,
    published,
    read_dotenv,
    with_our_python,
)
from dev.server.errors import DevServerError
from dev.server.places import postgres_programs
from dev.server.serve import serve
from dev.server.stack import embedded, is_locked


def run(command: Sequence[str]) -> int:
    """Run a command with fast servers that leave nothing behind."""
    interrupts.install()
    with (
        tempfile.TemporaryDirectory(prefix="forfar-") as folder,
        embedded(Path(folder) / "data", durable=False, given=os.environ) as variables,
    ):
        env = FOR_TESTS | with_our_python(os.environ) | variables
        return _wait(subprocess.Popen(list(command), env=env))  # noqa: S603


def _wait(process: subprocess.Popen[bytes]) -> int:
    """Wait for the end; at a signal, give the process the time to end by itself."""
    try:
        while True:
            try:
                code = process.wait(0.1)
                return code if code >= 0 else 128 - code
            except subprocess.TimeoutExpired:
                interrupts.check()
    except interrupts.Interrupted as interrupted:
        # A Ctrl-C has reached it too; any other signal was for us alone.
        if interrupted.exit_code != 130:
            process.terminate()
        raise
    finally:
        try:
            process.wait(8.0)
        except subprocess.TimeoutExpired:
            processes.stop(process)


def manage(arguments: Sequence[str]) -> int:
    """Become manage.py with the variables of the running script/server."""
    read_dotenv()
    data = data_folder(os.environ)
    variables, programs = {}, []
    if is_locked(data):
        variables, programs = published(data), [postgres_programs()]  # psql, for dbshell
    elif os.environ.get("DATABASE_URL"):
        variables = {"SECRET_KEY": os.environ.get("SECRET_KEY") or kept_secret(data.secret_key)}
    if not variables:
        raise DevServerError(f"No script/server runs on {data.root}: start it first, or set DATABASE_URL.")
    os.chdir(PROJECT)
    env = {**with_our_python(os.environ, *programs), **variables}
    os.execve(sys.executable, [sys.executable, "manage.py", *arguments], env)  # noqa: S606


def main(arguments: Sequence[str]) -> int:
    verb, rest = (arguments[0], list(arguments[1:])) if arguments else ("", [])
    try:
        if verb == "serve" and not rest:
            interrupts.install()
            read_dotenv()
            serve(options(os.environ))
        elif verb == "run" and rest:
            return run(rest[1:] if rest[0] == "--" else rest)
        elif verb == "manage":
            return manage(rest)
        else:
            processes.say(__doc__ or "")
            return 2
    except DevServerError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except interrupts.Interrupted as interrupted:
        return interrupted.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
