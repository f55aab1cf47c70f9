"""The documentation page …"""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

ADDRESS = re.compile(r"""(?:src|href|action)\s*=\s*["']([^"']*)["']|\burl\(([^)]*)\)""")
SCRIPT = "/docs/?script="
HOST = re.compile(r"(?:https?:)?//[\w.-]+\.\w+")


@pytest.fixture
def page(api: Client) -> str:
    response = api.get("/docs/")
    assert response.status_code == 200
    return response.content.decode()


def test_it_loads_everything_from_here(page: str) -> None:
    addresses = [first or second for first, second in ADDRESS.findall(page)]

    assert len(addresses) >= 5
    assert [each for each in addresses if not each.startswith("/static/")] == [SCRIPT]
    files = [each.removeprefix("/static/") for each in addresses if each != SCRIPT]
    assert [each for each in files if finders.find(each) is None] == []


def test_it_names_no_other_host(page: str) -> None:
    assert HOST.findall(page) == []


def test_it_shows_the_contract_that_is_served(page: str, api: Client) -> None:
    assert SCRIPT in page
    assert b'"/api.yml"' in api.get(SCRIPT).content

    response = api.get("/api.yml")

    assert response.status_code == 200
    assert response.content.decode() == (Path(settings.BASE_DIR) / "api.yml").read_text()


@pytest.mark.parametrize("query", ["?lang=en", "?lang=zz", "?lang=%00", "?version=2"])
def test_it_serves_the_contract_whatever_is_asked(api: Client, query: str, db: Any) -> None:
    response = api.get(f"/api.yml{query}", headers={"Accept-Language": "en"})

    assert yaml.safe_load(response.content)["paths"]
