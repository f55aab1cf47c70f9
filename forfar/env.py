"""The reader of settings: a wrong value stops the start with a sentence that names the setting."""

from collections.abc import Callable, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from environs import Env, ValidationError, validate


class Settings(Env):
    """environs, with the kinds of values that it lacks. Every method raises environs.EnvError."""

    def required(self, name: str) -> str:
        return self.str(name, validate=validate.Length(min=1, error="Must not be empty."))

    def number(self, name: str, default: int, *, at_least: int = 0) -> int:
        return self.int(name, default, validate=validate.Range(min=at_least))

    def words(self, name: str, default: Sequence[str]) -> list[str]:
        """Read a list separated by commas; blanks around the words do not count."""
        return [word.strip() for word in self.list(name, list(default)) if word.strip()]

    def choice(self, name: str, default: str, choices: Sequence[str]) -> str:
        """Read one of these words in upper or lower case, and return it in upper case."""
        allowed = [word for choice in choices for word in (choice, choice.lower())]
        message = f"Must be one of: {', '.join(choices)}."
        return self.str(name, default, validate=validate.OneOf(allowed, error=message)).upper()

    def address(self, name: str, default: str, schemes: Sequence[str]) -> str:
        """Read an address with one of these schemes. It may be empty where the default is."""
        return self.str(name, default, validate=_begins_with(schemes, or_empty=not default))

    def time_zone(self, name: str, default: str) -> str:
        return self.str(name, default, validate=_require_time_zone)

    def networks(self, name: str) -> list[IPv4Network | IPv6Network]:
        """Read networks separated by commas, none when nothing is set."""
        self.str(name, "", validate=_networks)
        return _networks(self.str(name, ""))

    def database(self, name: str, default: str) -> dict[str, Any]:
        """Read a PostgreSQL's address (`postgres://user:password@host:5432/name`) as Django's settings."""
        self.address(name, default, ["postgres://", "postgresql://"])
        return _reachable_by_psql(dict(self.dj_db_url(name, default)))


def _begins_with(schemes: Sequence[str], *, or_empty: bool) -> Callable[[str], None]:
    def require(text: str) -> None:
        if not text.startswith(tuple(schemes)) and not (or_empty and not text):
            raise ValidationError(f"Must begin with {' or '.join(schemes)}.")

    return require


def _require_time_zone(text: str) -> None:
    try:
        ZoneInfo(text)
    except (ValueError, ZoneInfoNotFoundError) as error:
        raise ValidationError("Must be a time zone such as Europe/Moscow.") from error


def _networks(text: str) -> list[IPv4Network | IPv6Network]:
    try:
        return [ip_network(word.strip()) for word in text.split(",") if word.strip()]
    except ValueError as error:
        raise ValidationError(f"Must be networks such as 10.0.0.0/8: {error}.") from error


def _reachable_by_psql(database: dict[str, Any]) -> dict[str, Any]:
    """Move what a query says of the server (`?host=/a/socket`) to where `dbshell` looks for it too."""
    options = database.get("OPTIONS", {})
    places = {name.upper(): options.pop(name) for name in ("host", "port") if name in options}
    return database | places


env = Settings()
