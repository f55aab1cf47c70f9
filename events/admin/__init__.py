"""The log, and the tokens to read it with."""

from events.admin import events, tokens  # noqa: F401 - registers them
