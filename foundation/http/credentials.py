"""What a request says of who sent it, in the header for it."""

from django.http.request import HttpHeaders

BEARER = "Bearer"


def sent_credentials(headers: HttpHeaders, scheme: str) -> set[str]:
    """Return what the Authorization header says in this scheme, if it says anything."""
    named, _, credentials = headers.get("Authorization", "").partition(" ")
    return {credentials.strip()} if named.lower() == scheme.lower() and credentials.strip() else set()
