"""The base class of expected failures. Without Django, so that the domain can use it."""

from typing import ClassVar


def gettext_noop(message: str) -> str:
    """Mark `message` for translation. The code that shows it translates it."""
    return message


class ForFarError(Exception):
    """An expected failure: a stable `code` for programs and a sentence for people.

    `message` is an English msgid; `%(name)s` placeholders are filled from `params` after translation.
    """

    code: ClassVar[str] = "error"
    message: ClassVar[str] = gettext_noop("The request cannot be fulfilled.")
    retry_after_seconds: int | None = None  # when to try again

    def __init__(self, **params: object) -> None:
        self.params = params
        super().__init__(self.message % params)
