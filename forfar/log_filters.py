"""Logs carry no key and no token, whoever writes them."""

import re

MASK = "***"
# `api_key=…` in a query or a form, `"api_key": "…"` in JSON or a repr, `(api_key)=(…)` in PostgreSQL's words.
_PARAMETER = re.compile(r"""(api_key["')\]\s]*(?:=|:|%3D)\s*[b("'\[]*)[^\s"'&,;)}\]]+""", re.IGNORECASE)
_CREDENTIALS = re.compile(r"""\b((?:Api-Key|Bearer)\s+)[^\s"',;]+""", re.IGNORECASE)


def without_keys(text: str) -> str:
    """Return the text with what stands where keys and tokens stand masked."""
    return _CREDENTIALS.sub(rf"\1{MASK}", _PARAMETER.sub(rf"\1{MASK}", text))
