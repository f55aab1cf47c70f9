"""Bad input of POST /create_checks/ …"""

import gzip
import json
from typing import Any

import pytest
from django.test import Client

from tests.support.calls import JSON, nothing_written, refusal_of

REMOVED = object()


def _order_text(order: dict[str, Any], **raw: str) -> bytes:
    """Write the order as JSON with these values put in as they stand."""
    text = json.dumps({**order, **{name: f"@{name}@" for name in raw}}, ensure_ascii=False)
    for name, value in raw.items():
        text = text.replace(f'"@{name}@"', value)
    return text.encode()


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"null", id="null"),
        pytest.param(b"[]", id="list"),
        pytest.param(b"[{}]", id="list of objects"),
        pytest.param(b'"order"', id="string"),
        pytest.param(b"17", id="number"),
        pytest.param(b"", id="empty"),
        pytest.param(b" ", id="blank"),
        pytest.param(b"{", id="unfinished"),
        pytest.param(b"{}{}", id="two"),
        pytest.param(b"{'id': 1}", id="single quotes"),
        pytest.param(b"id=1&price=2", id="form"),
        pytest.param(b"<order/>", id="XML"),
        pytest.param(b"\xff\xfe{\x00}\x00", id="UTF-16"),
        pytest.param(b'{"id": "\xff"}', id="no UTF-8"),
        pytest.param(b'{"id": "\xed\xa0\x80"}', id="surrogate as UTF-8"),
        pytest.param(b'{"id": "\xc0\x80"}', id="NUL as overlong UTF-8"),
        pytest.param(b"\xef\xbb\xbf{}", id="UTF-8 with a BOM"),
        pytest.param(gzip.compress(b"{}"), id="gzip"),
        pytest.param(b"\x00" * 100, id="NULs"),
        pytest.param(b"[" * 100_000 + b"]" * 100_000, id="100,000 lists"),
        pytest.param(b'{"a":' * 100_000 + b"1" + b"}" * 100_000, id="100,000 objects"),
    ],
)
def test_it_is_refused_as_a_body(api: Client, printers: Any, body: bytes) -> None:
    with nothing_written():
        response = api.generic("POST", "/create_checks/", body, JSON)

    refusal_of(response, 400)


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param({"price": "NaN"}, id="NaN"),
        pytest.param({"price": "Infinity"}, id="Infinity"),
        pytest.param({"price": "-Infinity"}, id="-Infinity"),
        pytest.param({"price": "1e400"}, id="1e400"),
        pytest.param({"price": "1" + "0" * 400}, id="10^400"),
        pytest.param({"price": "9" * 5000}, id="5000 digits"),
        pytest.param({"price": "0x10"}, id="hexadecimal"),
        pytest.param({"price": "007"}, id="leading zeros"),
        pytest.param({"extra": "NaN"}, id="NaN, ignored field"),
        pytest.param({"extra": "[[-Infinity]]"}, id="-Infinity, ignored field"),
        pytest.param({"extra": "-1e400"}, id="-1e400, ignored field"),
        pytest.param({"extra": "9" * 5000}, id="5000 digits, ignored field"),
        pytest.param({"extra": "[" * 60 + "]" * 60}, id="60 lists, ignored field"),
        pytest.param({"address": '"a\\u0000b"'}, id="NUL"),
        pytest.param({"address": '"\\ud800"'}, id="lone surrogate"),
        pytest.param({"address": '"\\udc00\\ud800"'}, id="surrogates in the wrong order"),
        pytest.param({"address": '"a\tb"'}, id="raw control character"),
        pytest.param({"extra": '"\\u0000"'}, id="NUL, ignored field"),
        pytest.param({"extra": '[{"x": "\\udfff"}]'}, id="lone surrogate, ignored field"),
        pytest.param({"extra": '{"\\u0000": 1}'}, id="NUL in a key"),
        pytest.param({"extra": '{"\\ud800": 1}'}, id="lone surrogate in a key"),
        pytest.param({"point_id": '"\\u0000"'}, id="NUL as point"),
    ],
)
def test_it_is_refused_where_it_cannot_be_kept(
    api: Client, printers: Any, order: Any, raw: dict[str, str]
) -> None:
    with nothing_written():
        response = api.generic("POST", "/create_checks/", _order_text(order, **raw), JSON)

    assert refusal_of(response, 400)["code"] == "parse_error"


WHOLE_NUMBERS = [-1, 1.0, 1.5, True, "1", "", None, [], {}, 2**63, 10**90]


def _ids(value: object) -> str:
    return "missing" if value is REMOVED else repr(value)[:20]


@pytest.mark.parametrize("value", [0, *WHOLE_NUMBERS, REMOVED], ids=_ids)
def test_it_is_refused_as_an_id(api: Client, printers: Any, order: Any, value: object) -> None:
    _refused_field(api, order, "id", value)


@pytest.mark.parametrize("value", [*WHOLE_NUMBERS, REMOVED], ids=_ids)
def test_it_is_refused_as_a_price(api: Client, printers: Any, order: Any, value: object) -> None:
    _refused_field(api, order, "price", value)


@pytest.mark.parametrize(
    "value",
    [
        *(-1, 1.0, True, None, [1], {}, 2**31, 10**90, REMOVED),
        *("", " 1", "1 ", "+1", "-1", "1.0", "١", "²", "abc", "1e3", "9" * 200, "2147483648"),
    ],
    ids=_ids,
)
def test_it_is_refused_as_a_point(api: Client, printers: Any, order: Any, value: object) -> None:
    _refused_field(api, order, "point_id", value)


@pytest.mark.parametrize("value", [1, True, None, [], {}, REMOVED], ids=_ids)
def test_it_is_refused_as_an_address(api: Client, printers: Any, order: Any, value: object) -> None:
    _refused_field(api, order, "address", value)


@pytest.mark.parametrize("value", [[], {}, None, "x", 1, {"0": {}}, REMOVED], ids=_ids)
def test_it_is_refused_as_items(api: Client, printers: Any, order: Any, value: object) -> None:
    _refused_field(api, order, "items", value)


def test_it_is_refused_as_501_items(api: Client, printers: Any, order: Any) -> None:
    _refused_field(api, order, "items", order["items"][:1] * 501)


@pytest.mark.parametrize("value", [None, [], "x", 1], ids=_ids)
def test_it_is_refused_as_an_item(api: Client, printers: Any, order: Any, value: object) -> None:
    _refused_field(api, order, "items", [*order["items"], value], "items[2]")


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("name", ["", "  ", "\t\n", "\u00a0", 1, True, None, [], {}, REMOVED]),
        ("quantity", [0, *WHOLE_NUMBERS, REMOVED]),
        ("unit_price", [*WHOLE_NUMBERS, REMOVED]),
    ],
)
def test_it_is_refused_in_an_item(
    api: Client, printers: Any, order: Any, field: str, values: list[object]
) -> None:
    for value in values:
        item = _changed(order["items"][0], field, value)
        _refused_field(api, order, "items", [item], f"items[0].{field}")


@pytest.mark.parametrize("value", [None, [], "x", 1, REMOVED], ids=_ids)
def test_it_is_refused_as_a_client(api: Client, printers: Any, order: Any, value: object) -> None:
    _refused_field(api, order, "client", value)


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("name", [1, True, None, [], {}, REMOVED]),
        ("phone", [1.5, True, None, [], {}, REMOVED]),
    ],
)
def test_it_is_refused_in_a_client(
    api: Client, printers: Any, order: Any, field: str, values: list[object]
) -> None:
    for value in values:
        client = _changed(order["client"], field, value)
        _refused_field(api, order, "client", client, f"client.{field}")


def _changed(value: dict[str, Any], field: str, new: object) -> dict[str, Any]:
    rest = {name: old for name, old in value.items() if name != field}
    return rest if new is REMOVED else {**rest, field: new}


def _refused_field(api: Client, order: Any, field: str, value: object, named: str = "") -> None:
    with nothing_written():
        response = api.post("/create_checks/", _changed(order, field, value), JSON)

    body = refusal_of(response, 400)
    assert list(body["details"]) == [named or field]
    assert body["error"].startswith(f"{named or field}: ")
    assert body["code"] == "invalid"
