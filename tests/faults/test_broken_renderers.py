"""wkhtmltopdf does wrong; the service survives a wkhtmltopdf that …"""

import pytest

from tests.faults.conftest import Flowing
from tests.faults.reach import until
from tests.faults.stack import Stack

pytestmark = pytest.mark.faults

REASONS = {
    "hangs": "timeout",
    "crashes": "crashed",
    "writes nothing": "bad_output",
    "writes garbage": "bad_output",
}


@pytest.mark.parametrize(
    "kind",
    ["crashes", *[pytest.param(kind, marks=pytest.mark.thorough) for kind in REASONS if kind != "crashes"]],
)
def test_it_survives_a_wkhtmltopdf_that(kind: str, stack: Stack, flow: Flowing) -> None:
    with flow() as flowing:
        stack.set_renderer(kind)
        flowing.accept(1)
        until(lambda: flowing.events("render_attempt_failed", REASONS[kind]), "a failed attempt is on record")
        stack.set_renderer("works")
