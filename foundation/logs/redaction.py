"""Removes keys, tokens, passwords and orders from logs and error reports, also those of libraries."""

import re

MASK = "***"
# `api_key=…` in a query or a form, `"api_key": "…"` in JSON or a repr, `(api_key)=(…)` from PostgreSQL.
_PARAMETER = re.compile(r"""(api_key["')\]\s]*(?:=|:|%3D)\s*[b("'\[]*)[^\s"'&,;)}\]]+""", re.IGNORECASE)
_CREDENTIALS = re.compile(r"""\b((?:Api-Key|Bearer)\s+)[^\s"',;]+""", re.IGNORECASE)

# PostgreSQL repeats a refused row in the DETAIL of its message, and a check's row holds the order with the
# client's name, phone and address.
_PASSWORDS = re.compile(r"(password=|://[^/\s:@]*:(?=[^/\s@]+@))[^\s&\"'<>,;@]+", re.IGNORECASE)
_REFUSED_ROW = re.compile(r"^(DETAIL|CONTEXT):.*$(?:\n[\t ].*$)*", re.MULTILINE)


def redacted(text: str) -> str:
    """Return the text without keys, tokens, passwords and rows of the database."""
    return _REFUSED_ROW.sub(r"\1: (left out)", _PASSWORDS.sub(rf"\1{MASK}", _without_keys(text)))


def _without_keys(text: str) -> str:
    return _CREDENTIALS.sub(rf"\1{MASK}", _PARAMETER.sub(rf"\1{MASK}", text))
