"""The environment of the processes …"""

import stat
from pathlib import Path

import pytest

from dev.server.client import headers
from dev.server.environment import kept_secret, open_at_home, options
from dev.server.errors import DevServerError
from dev.server.supervisor import commands


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http", "8000 ", "８０００"])
def test_it_names_a_wrong_port(port: str) -> None:
    with pytest.raises(DevServerError, match="PORT"):
        options({"PORT": port})


def test_it_takes_an_empty_setting_for_none() -> None:
    chosen = options({"PORT": "", "DEMO": "", "RENDER_WORKERS": ""})
    assert (chosen.port, chosen.demo, chosen.workers) == (8000, True, 2)


def test_it_keeps_one_private_secret_key(tmp_path: Path) -> None:
    path = tmp_path / "secret_key"
    assert kept_secret(path) == kept_secret(path)
    assert len(kept_secret(path)) > 50
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("bind", "opened"),
    [("", "1"), ("127.0.0.1", "1"), ("::1", "1"), ("localhost", "1"), ("0.0.0.0", "0"), ("10.0.0.5", "0")],  # noqa: S104
)
def test_it_lets_order_systems_in_without_a_token_on_this_machine_alone(bind: str, opened: str) -> None:
    assert open_at_home({"BIND": bind}) == opened


def test_it_reads_the_processes_of_the_procfile() -> None:
    assert commands("web: a\n# no\nworker: b --c\n") == {"web": "a", "worker": "b --c"}


@pytest.mark.parametrize(
    ("allowed", "host"),
    [
        ("", None),
        ("*", None),
        ("forfar.example,other", "forfar.example"),
        (".forfar.example", "forfar.example"),
    ],
)
def test_it_asks_for_a_host_that_the_settings_allow(allowed: str, host: str | None) -> None:
    assert headers({"ALLOWED_HOSTS": allowed}).get("Host") == host
