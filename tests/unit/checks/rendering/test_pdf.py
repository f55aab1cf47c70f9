"""The inspection of a PDF…"""

import hashlib

import pytest

from checks.rendering.errors import RenderError
from checks.rendering.pdf import inspect_pdf

PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Pages /Count 2 >>\n<< /Type /Page >>\n<</Type/Page>>\n%%EOF"


@pytest.mark.parametrize("ending", [b"", b"\n", b"\r\n", b" \n\n"])
def test_it_describes_a_whole_one(ending):
    content = PDF + ending
    facts = inspect_pdf(content)
    assert (facts.pages, facts.size, facts.sha256) == (2, len(content), hashlib.sha256(content).hexdigest())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<!DOCTYPE html><title>500</title>%%EOF",
        b" " + PDF,
        PDF[:-1],
        PDF + b"more",
        PDF[:40],
        b"%PDF-1.4\n<< /Type /Pages >>\n%%EOF",
    ],
)
def test_it_refuses_anything_else_for_now(content):
    with pytest.raises(RenderError) as caught:
        inspect_pdf(content)
    assert (caught.value.reason, caught.value.permanent) == ("bad_output", False)
