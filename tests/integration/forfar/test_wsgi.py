"""The WSGI application …"""

import io
from typing import Any

import pytest

pytestmark = pytest.mark.django_db


def call(**environ: str) -> tuple[str, bytes]:
    """Send a request past the test client, which makes its own."""
    answer: dict[str, Any] = {}
    given = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/healthz",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "HTTP_HOST": "localhost",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        **environ,
    }
    from forfar.wsgi import application

    body = b"".join(application(given, lambda status, headers: answer.update(status=status)))
    return answer["status"], body


@pytest.mark.parametrize("charset", ["base64", "undefined", "utf-8", "nonsense"])
def test_it_reads_the_query_as_utf_8_whatever_the_body_claims(charset: str) -> None:
    status, _ = call(CONTENT_TYPE=f"application/json; charset={charset}", QUERY_STRING="a=%D1%8F&b=1")

    assert status == "200 OK"


def test_it_refuses_a_body_without_a_length() -> None:
    status, body = call(REQUEST_METHOD="POST", PATH_INFO="/create_checks/", HTTP_TRANSFER_ENCODING="chunked")

    assert status == "411 Length Required"
    assert b'"error"' in body


def test_it_refuses_a_body_that_was_cut(printers: Any) -> None:
    """A connection broke after `check_id=11` of `check_id=118`."""
    sent = b"api_key=key1&check_id=11"

    status, body = call(
        REQUEST_METHOD="POST",
        PATH_INFO="/check/printed/",
        CONTENT_TYPE="application/x-www-form-urlencoded",
        CONTENT_LENGTH=str(len(sent) + 1),
        **{"wsgi.input": io.BytesIO(sent)},  # type: ignore[arg-type]
    )

    assert status == "400 Bad Request"
    assert "раньше" in body.decode()
