"""Every answer …"""

from typing import Any

import pytest
from django.test import Client

from checks.models import Check
from foundation.http.security import ADMIN_POLICY, DATA_POLICY, DOCS_POLICY, FRAMED_PDF_POLICY, RQ_POLICY
from tests.conftest import NOW
from tests.support.helpers import record_render

PLACES = {
    "/new_checks/": DATA_POLICY,
    "/nowhere/": DATA_POLICY,
    "/healthz": DATA_POLICY,
    "/api.yml": DATA_POLICY,
    "/docs/": DOCS_POLICY,
    "/admin/login/": ADMIN_POLICY,
    "/django-rq/": RQ_POLICY,
}

NO_PERMISSIONS = (
    "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), fullscreen=(), "
    "geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), "
    "picture-in-picture=(), publickey-credentials-get=(), screen-wake-lock=(), usb=(), xr-spatial-tracking=()"
)


def assert_safe(response: Any, policy: str) -> None:
    headers = response.headers
    assert headers["Content-Security-Policy"] == policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Permissions-Policy"] == NO_PERMISSIONS


@pytest.mark.parametrize(("path", "policy"), PLACES.items())
def test_it_tells_browsers_how_little_they_may_do(api: Client, db: None, path: str, policy: str) -> None:
    assert_safe(api.get(path), policy)


def test_it_does_so_with_a_pdf_and_with_early_refusals_too(
    api: Client, created: list[Check], printers: Any
) -> None:
    record_render(now=NOW)
    response = api.get("/check/", {"api_key": "key1", "check_id": created[0].pk})

    assert response.headers["Content-Type"] == "application/pdf"
    assert_safe(response, DATA_POLICY)
    b"".join(response)  # an open file would be complained of
    chunked = {"HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_LENGTH": ""}
    response = api.post("/create_checks/", "{}", "application/json", **chunked)
    assert response.status_code == 411
    assert_safe(response, DATA_POLICY)


@pytest.mark.parametrize("policy", [ADMIN_POLICY, DOCS_POLICY, RQ_POLICY, DATA_POLICY])
def test_it_forbids_what_no_page_needs(policy: str) -> None:
    directives = dict(each.split(" ", 1) for each in policy.split("; "))

    assert directives["default-src"] == "'none'"
    assert directives["frame-ancestors"] == "'none'"
    assert directives["base-uri"] == "'none'"
    assert "unsafe-inline" not in directives.get("script-src", "")
    assert "http" not in policy


def test_it_lets_the_pages_of_the_admin_frame_a_pdf_and_nothing_else(
    admin_client: Client, created: list[Check]
) -> None:
    record_render(now=NOW)
    page = f"/admin/checks/check/{created[0].pk}"

    pdf = admin_client.get(f"{page}/pdf/")

    assert pdf.headers["Content-Security-Policy"] == FRAMED_PDF_POLICY
    assert "frame-ancestors 'self'" in FRAMED_PDF_POLICY
    assert pdf.headers["X-Frame-Options"] == "SAMEORIGIN"
    b"".join(pdf)  # an open file would be complained of
    assert_safe(admin_client.get(f"{page}/change/"), ADMIN_POLICY)
    assert_safe(admin_client.get("/admin/checks/check/0/pdf/"), ADMIN_POLICY)


@pytest.mark.parametrize("folder", ["/media/", "/media/pdf/", "/pdf/", "/static/pdf/", "/static/../media/"])
def test_it_is_never_a_pdf_by_its_file_name(
    api: Client, admin_client: Client, created: list[Check], folder: str
) -> None:
    record_render(now=NOW)

    for client in (api, admin_client):
        assert client.get(f"{folder}123456_kitchen.pdf").status_code == 404
        assert client.get(folder).status_code == 404
