"""What is logged …"""

import pytest

from foundation.logs.redaction import redacted

SECRET = "s3cr-et_KEY.9"


@pytest.mark.parametrize(
    "text",
    [
        "GET /new_checks/?api_key={} failed",
        "GET /check/?check_id=1&api_key={}&x=1",
        "%3Fapi_key%3D{}",
        "API_KEY={}",
        '{{"check_id": 1, "api_key": "{}"}}',
        "{{'api_key': '{}'}}",
        "{{'api_key': ['{}']}}",
        "b'api_key={}'",
        "Authorization: Api-Key {}",
        "authorization: bearer {}",
        "{{'HTTP_AUTHORIZATION': 'Api-Key {}'}}",
        "('Authorization', 'Bearer {}')",
    ],
)
def test_it_has_no_key_where_keys_stand(text: str) -> None:
    masked = redacted(text.format(SECRET))

    assert SECRET not in masked
    assert masked == text.format("***")


def test_it_leaves_out_the_rows_that_the_database_repeats() -> None:
    text = f"duplicate key\nDETAIL:  Key (api_key)=({SECRET}) already exists."

    assert redacted(text) == "duplicate key\nDETAIL: (left out)"


@pytest.mark.parametrize(
    "text",
    [
        "Enqueued the forgotten render of order 1, kitchen.",
        "the column api_key is missing",
        'select "api_key" from printers_printer',
        "No token, no bearer.",
        "make a token with a command",
    ],
)
def test_it_stays_as_it_is_otherwise(text: str) -> None:
    assert redacted(text) == text
