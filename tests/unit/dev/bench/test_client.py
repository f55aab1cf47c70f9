"""The benchmarks' client…"""

import json
from itertools import islice

import pytest

from dev.bench.client import content_length, orders_of, post_request
from dev.bench.errors import BenchmarkError


def test_it_says_how_long_its_order_is() -> None:
    head, _, body = post_request(7).partition(b"\r\n\r\n")
    assert content_length(head.lower()) == len(body)
    assert json.loads(body)["id"] == 7


def test_it_posts_ids_that_no_other_client_posts() -> None:
    mine, others = (set(islice(orders_of(client, 1), 1000)) for client in (0, 1))
    assert len(mine) == len(others) == 1000
    assert not mine & others


def test_it_does_not_guess_a_length() -> None:
    with pytest.raises(BenchmarkError):
        content_length(b"http/1.1 200 ok\r\ntransfer-encoding: chunked")
