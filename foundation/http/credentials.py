"""Credentials in the Authorization header."""

from django.http.request import HttpHeaders

BEARER = "Bearer"


def sent_credentials(headers: HttpHeaders, scheme: str) -> set[str]:
    """Return the Authorization header's credentials in this scheme, if there are any."""
    named, _, credentials = headers.get("Authorization", "").partition(" ")
    return {credentials.strip()} if named.lower() == scheme.lower() and credentials.strip() else set()
