"""The README …"""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from checks.models import Check
from dev.server.service import free_port
from tests.functional.processes import environment, running
from tests.functional.web import Web
from tests.support.helpers import types_of, within

pytestmark = pytest.mark.django_db(transaction=True)

README = Path(settings.BASE_DIR) / "README.md"
HOST = "http://127.0.0.1:8000"


@pytest.fixture
def open_web(redis: Any, printers: Any, tmp_path: Path) -> Iterator[Web]:
    """The web process as script/server runs it on one machine, and a pool of render workers."""
    port, log = free_port(), tmp_path / "processes.log"
    variables = {"PORT": str(port), "WEB_CONCURRENCY": "1", "ORDER_API_OPEN": "1"}
    with running("web", log, **variables) as web, running("worker", log, RENDER_WORKERS="1"):
        service = Web(port, log, web.pid)
        within(60, service.answers)
        yield service


def walk(web: Web, tmp_path: Path) -> str:
    """Return the README's walk, changed only in where the service, its commands and its files are."""
    (found,) = re.findall(r"```bash\n(HOST=.*?)```", README.read_text(), re.DOTALL)
    for old, new in {
        HOST: f"http://127.0.0.1:{web.port}",
        "script/manage": "python manage.py",
        "/tmp/check.pdf": f"'{tmp_path}/check.pdf'",  # noqa: S108
    }.items():
        assert old in found
        found = found.replace(old, new)
    return found


def test_it_walks_from_an_order_to_paper(open_web: Web, tmp_path: Path) -> None:
    result = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", walk(open_web, tmp_path)],
        cwd=settings.BASE_DIR,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )

    assert result.returncode == 0, result.stdout + result.stderr
    kitchen = Check.objects.get(type="kitchen")
    assert types_of(kitchen) == ["created", "rendered", "downloaded", "printed"]
    assert (tmp_path / "check.pdf").read_bytes().startswith(b"%PDF")
    assert f"/admin/checks/check/{kitchen.pk}/change/" in result.stdout
