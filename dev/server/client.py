"""Requests to our own service, as a proxy before it would send them."""

import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass

DIRECTLY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class Answer:
    status: int  # 0: there was none
    text: str


def get(address: str, env: Mapping[str, str]) -> Answer:
    return _send(urllib.request.Request(address, headers=headers(env)))  # noqa: S310


def post(address: str, body: bytes, env: Mapping[str, str]) -> Answer:
    extended = headers(env) | {"Content-Type": "application/json"}
    return _send(urllib.request.Request(address, data=body, headers=extended))  # noqa: S310


def headers(env: Mapping[str, str]) -> dict[str, str]:
    """A host that the settings allow, and the protocol that TLS=1 asks for."""
    allowed = [word.strip() for word in (env.get("ALLOWED_HOSTS") or "").split(",")]
    names = [word.lstrip(".") for word in allowed if word and word != "*"]
    return {"X-Forwarded-Proto": "https", **({"Host": names[0]} if names else {})}


def _send(request: urllib.request.Request) -> Answer:
    try:
        with DIRECTLY.open(request, timeout=10) as response:
            return Answer(response.status, response.read().decode("utf-8", "replace"))
    except urllib.error.HTTPError as error:
        return Answer(error.code, error.read().decode("utf-8", "replace"))
    except OSError as error:
        return Answer(0, str(error))
