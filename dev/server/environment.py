"""The variables that the service's processes get, and where they are kept between starts."""

import json
import os
import secrets
import sys
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dotenv import load_dotenv

from dev.server.errors import DevServerError
from dev.server.places import DataFolder

PROJECT = Path(__file__).resolve().parent.parent.parent
RUN = "FORFAR_RUN"  # marks every process of one script/server
FOR_TESTS = {"SECRET_KEY": "only-for-tests-and-tools", "ENV_FILE": os.devnull, "ORDER_API_OPEN": "1"}


@dataclass(frozen=True)
class Options:
    """What script/server reads for itself."""

    data: DataFolder
    host: str
    port: int
    workers: int
    demo: bool
    shutdown_seconds: int

    @property
    def address(self) -> str:
        return f"http://{self.host}:{self.port}"


def read_dotenv() -> None:
    """Read .env as the settings do; what the environment already says wins."""
    load_dotenv(PROJECT / ".env", interpolate=False)


def data_folder(env: Mapping[str, str]) -> DataFolder:
    return DataFolder((PROJECT / (env.get("FORFAR_DATA_DIR") or "var")).resolve())


def options(env: Mapping[str, str]) -> Options:
    """Read the options. Raises DevServerError naming a wrong one."""
    bind = env.get("BIND") or "127.0.0.1"
    return Options(
        data=data_folder(env),
        host="127.0.0.1" if bind == "0.0.0.0" else bind,  # noqa: S104  read, not bound  # nosec B104
        port=_number(env, "PORT", 8000, 65535),
        workers=_number(env, "RENDER_WORKERS", 2, 64),
        shutdown_seconds=_number(env, "SHUTDOWN_SECONDS", 30, 3600),
        demo=(env.get("DEMO") or "1").lower() not in {"0", "false", "off", "no"},
    )


def _number(env: Mapping[str, str], name: str, default: int, most: int) -> int:
    text = env.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= most):
        raise DevServerError(f"The setting {name} must be a whole number from 1 to {most}, not {text!r}.")
    return int(text)


def service_environment(chosen: Options, servers: Mapping[str, str]) -> dict[str, str]:
    """Everything that the service's processes get."""
    return with_our_python(os.environ) | {
        **servers,
        "SECRET_KEY": os.environ.get("SECRET_KEY") or kept_secret(chosen.data.secret_key),
        "FORFAR_DATA_DIR": str(chosen.data.root),
        "SEAL_FILE": os.environ.get("SEAL_FILE") or str(chosen.data.seals),
        "PORT": str(chosen.port),
        "RENDER_WORKERS": str(chosen.workers),
        "ORDER_API_OPEN": os.environ.get("ORDER_API_OPEN") or open_at_home(os.environ),
        "SHUTDOWN_SECONDS": str(chosen.shutdown_seconds),
        "PYTHONUNBUFFERED": "1",
        RUN: uuid.uuid4().hex,
    }


def open_at_home(env: Mapping[str, str]) -> str:
    """Let order systems in without a token where only this machine reaches the service."""
    return "1" if (env.get("BIND") or "127.0.0.1") in {"127.0.0.1", "::1", "localhost"} else "0"


def with_our_python(env: Mapping[str, str], *others: Path) -> dict[str, str]:
    """The same with this virtual environment's programs first, and with log lines that people can read."""
    programs = map(str, (Path(sys.executable).parent, *others))
    path = os.pathsep.join([*programs, env.get("PATH", os.defpath)])
    return {**env, "PATH": path, "LOG_FORMAT": env.get("LOG_FORMAT") or "line"}


def kept_secret(path: Path) -> str:
    """The secret key of a data folder; made at the first start."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        secret = path.read_text().strip()
        if secret:
            return secret
        raise DevServerError(f"{path} is empty: remove it, and a new secret key is made.") from None
    secret = secrets.token_urlsafe(64)
    with os.fdopen(descriptor, "w") as file:
        file.write(secret + "\n")
    return secret


def publish(data: DataFolder, env: Mapping[str, str]) -> None:
    """Leave what differs from an ordinary shell for script/manage."""
    names = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "FORFAR_DATA_DIR", "SEAL_FILE", "ORDER_API_OPEN", RUN)
    data.environment.unlink(missing_ok=True)
    descriptor = os.open(data.environment, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump({name: env[name] for name in names if name in env}, file)


def published(data: DataFolder) -> dict[str, str]:
    """What publish() left, of a running script/server or of one that was killed."""
    try:
        found: dict[str, str] = json.loads(data.environment.read_text())
    except (FileNotFoundError, ValueError):
        return {}
    except PermissionError as error:
        raise DevServerError(f"{data.environment} belongs to another user: run this as that user.") from error
    return found
