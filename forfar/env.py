"""Strict readers of the environment: a wrong value stops the start with a sentence that names it."""

from collections.abc import Callable
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import environ
from django.core.exceptions import ImproperlyConfigured

_env = environ.Env()


def read_dotenv(path: Path) -> None:
    """Read `path` when it exists; what the environment already says wins."""
    if path.exists():
        environ.Env.read_env(str(path))


def _read(name: str, reader: Callable[..., Any], default: object, expected: str) -> Any:
    try:
        return reader(name, default=default)
    except (ValueError, KeyError) as error:
        raise ImproperlyConfigured(f"The setting {name} must be {expected}.") from error


def text(name: str, default: str) -> str:
    return str(_read(name, _env.str, default, "a text"))


def required_text(name: str) -> str:
    value = text(name, "")
    if not value:
        raise ImproperlyConfigured(f"The setting {name} is required and is not set.")
    return value


def words(name: str, default: list[str]) -> list[str]:
    value: list[str] = _read(name, _env.list, default, "a list separated by commas")
    return [word.strip() for word in value if word.strip()]


def networks(name: str, default: list[str]) -> list[IPv4Network | IPv6Network]:
    try:
        return [ip_network(word) for word in words(name, default)]
    except ValueError as error:
        raise ImproperlyConfigured(
            f"The setting {name} must be networks like 10.0.0.0/8: {error}."
        ) from error


def flag(name: str, default: bool) -> bool:
    value = text(name, "1" if default else "0").lower()
    if value not in {"0", "1", "true", "false", "on", "off", "yes", "no"}:
        raise ImproperlyConfigured(f"The setting {name} must be 0 or 1, not {value!r}.")
    return value in {"1", "true", "on", "yes"}


def number(name: str, default: int, *, at_least: int = 0) -> int:
    expected = f"a whole number of at least {at_least}"
    value: int = _read(name, _env.int, default, expected)
    if value < at_least:
        raise ImproperlyConfigured(f"The setting {name} must be {expected}, not {value}.")
    return value


def choice(name: str, default: str, choices: list[str]) -> str:
    value = text(name, default).upper()
    if value not in choices:
        raise ImproperlyConfigured(f"The setting {name} must be one of {', '.join(choices)}, not {value!r}.")
    return value


def address(name: str, default: str, schemes: list[str]) -> str:
    value = text(name, default)
    if value != default and not value.startswith(tuple(schemes)):
        raise ImproperlyConfigured(f"The setting {name} must begin with {' or '.join(schemes)}.")
    return value


def time_zone(name: str, default: str) -> str:
    value = text(name, default)
    try:
        ZoneInfo(value)
    except (ValueError, ZoneInfoNotFoundError) as error:
        raise ImproperlyConfigured(f"The setting {name} must be a time zone like Europe/Moscow.") from error
    return value


def database(name: str, default: str) -> dict[str, Any]:
    """Read a database address (`postgres://user:password@host:5432/name`) as Django's settings."""
    address = text(name, default)
    if not address.startswith(("postgres://", "postgresql://")):
        raise ImproperlyConfigured(f"The setting {name} must be an address like postgres://user@host/name.")
    return _reachable_by_psql(dict(environ.Env.db_url_config(address)))


def _reachable_by_psql(database: dict[str, Any]) -> dict[str, Any]:
    """Move what a query says of the server (`?host=/a/socket`) to where `dbshell` looks for it too."""
    options = database.get("OPTIONS", {})
    places = {name.upper(): options.pop(name) for name in ("host", "port") if name in options}
    return database | places
