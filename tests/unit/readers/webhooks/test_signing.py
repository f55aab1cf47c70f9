"""The signature of a webhook …"""

import subprocess
from datetime import datetime, timezone

from readers.webhooks import signing

# The example that the libraries of Standard Webhooks are tested with.
KEY_OF_EXAMPLE = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
SENT_AT = datetime.fromtimestamp(1614265330, timezone.utc)
ID, BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}'


def signature(*keys: bytes) -> str:
    made = signing.headers(keys=keys, webhook_id=ID, sent_at=SENT_AT, body=BODY)
    assert (made["webhook-id"], made["webhook-timestamp"]) == (ID, "1614265330")
    return made["webhook-signature"]


def test_it_is_the_one_of_the_specification() -> None:
    from base64 import b64decode

    assert signature(b64decode(KEY_OF_EXAMPLE)) == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_it_is_the_one_that_openssl_makes() -> None:
    key = bytes(range(32))
    command = ["openssl", "dgst", "-sha256", "-mac", "HMAC", "-macopt", f"hexkey:{key.hex()}", "-binary"]
    made = subprocess.run(
        command, input=f"{ID}.1614265330.".encode() + BODY, capture_output=True, check=True
    ).stdout

    from base64 import b64encode

    assert signature(key) == "v1," + b64encode(made).decode()


def test_it_comes_once_for_each_secret() -> None:
    first, second = signature(b"a" * 32, b"b" * 32).split(" ")

    assert (first, second) == (signature(b"a" * 32), signature(b"b" * 32))
