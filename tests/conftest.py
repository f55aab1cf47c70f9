"""Fixtures for all tests: real PostgreSQL, real Redis, a media folder of their own."""

import json
import re
import signal
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any
from uuid import uuid4

import django_rq
import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client, TransactionTestCase

from checks import services
from checks.jobs.worker import RenderWorker
from checks.models import Check
from checks.rendering.engine import renderer
from events.feed.horizon import require_adopted_once
from foundation.context import Actor
from foundation.http import wrong_keys
from foundation.jobs.queues import default_queue
from foundation.per_process import reset_all
from order_systems.models import OrderSystem
from order_systems.services import NewToken, create_token
from printers.models import Printer
from tests.support import profiles, summary
from tests.support.database import remember_rows_of_migrations, undo_commits
from tests.support.fakes import FakeRenderer
from tests.support.helpers import forget_redis
from tests.support.offline import Offline
from tests.support.servers import redis_database, running_servers

# The example of docs/api.md.
EXAMPLE_ORDER = json.loads("""
    {"id": 123456, "price": 780, "point_id": 1,
     "items": [{"name": "Вкусная пицца", "quantity": 2, "unit_price": 250},
               {"name": "Не менее вкусные роллы", "quantity": 1, "unit_price": 280}],
     "address": "г. Уфа, ул. Ленина, д. 42", "client": {"name": "Иван", "phone": 9173332222}}
""")
NOW = datetime(2026, 1, 15, 12, 0, tzinfo=timezone.utc)

TransactionTestCase._fixture_teardown = undo_commits


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--thorough", action="store_true", help="run the long tests too")
    parser.addoption("--screenshots", help="take pictures of every page of the admin into this folder")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is marked as thorough, unless it is asked for."""
    if not config.getoption("--thorough"):
        for item in items:
            if item.get_closest_marker("thorough"):
                item.add_marker(pytest.mark.skip(reason="only with --thorough"))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    summary.write(terminalreporter)


def pytest_configure(config: pytest.Config) -> None:
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        # A shell starts background jobs like this, and every process that a test starts would inherit it.
        signal.signal(signal.SIGINT, signal.default_int_handler)
    profiles.load_profile(config)


def pytest_report_header() -> str:
    return profiles.describe_profile()


@pytest.fixture(scope="session", autouse=True)
def _own_redis_database() -> None:
    """Keep away from the database of a service on the same Redis: the last ones are the tests'."""
    queue = settings.RQ_QUEUES["default"]
    queue["URL"] = re.sub(r"/\d+$|\?db=\d+$", "", queue["URL"])  # redis-py prefers the address's database
    queue["DB"] = redis_database()


@pytest.fixture(scope="session")
def servers() -> Iterator[None]:
    """PostgreSQL and Redis, which unit tests do not wait for."""
    with running_servers():
        yield


@pytest.fixture(scope="session")
def django_db_setup(servers: None, django_db_setup: None, django_db_blocker: Any) -> None:
    """Let writers ask now what they ask once a process, so that no test counts that query."""
    with django_db_blocker.unblock():
        remember_rows_of_migrations()
        require_adopted_once()


@pytest.fixture(autouse=True)
def _test_settings(tmp_path: Path, settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # the others are slow
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.SEAL_FILE = ""
    settings.STATIC_ROOT = tmp_path  # collected files are not what is tested


@pytest.fixture(autouse=True)
def _wrong_keys_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Count the wrong keys of each test apart: all come from one address."""
    monkeypatch.setattr(wrong_keys, "NAMES", f"{wrong_keys.NAMES}{uuid4()}:")


@pytest.fixture
def redis(servers: None) -> Iterator[Any]:
    """An empty Redis database, and a queue that looks at it."""
    forget_redis()
    connection = django_rq.get_connection()
    assert connection.connection_pool.connection_kwargs["db"] == redis_database()
    connection.flushdb()
    yield connection
    connection.flushdb()
    connection.close()
    default_queue().connection.close()
    forget_redis()


@pytest.fixture
def printers(db: None) -> dict[str, Printer]:
    """The printers of fixtures/printers.json by their keys."""
    call_command("loaddata", "printers", verbosity=0)
    return {printer.api_key: printer for printer in Printer.objects.all()}


@pytest.fixture
def order() -> dict[str, Any]:
    """A fresh copy of the contract's example."""
    return json.loads(json.dumps(EXAMPLE_ORDER))


@pytest.fixture
def api() -> Client:
    """An HTTP client that gets a 500 where the service would give one."""
    return Client(raise_request_exception=False)


@pytest.fixture
def post_order(api: Client, printers: Any, redis: Any, django_capture_on_commit_callbacks: Any) -> Callable:
    """Post an order and let what it enqueues on commit get into the queue."""

    def post(order: Any) -> Any:
        with django_capture_on_commit_callbacks(execute=True):
            return api.post("/create_checks/", order, content_type="application/json")

    return post


@pytest.fixture
def run_jobs(redis: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Work the queue until it is empty, in this process and in the test's own transaction."""
    monkeypatch.setattr("foundation.jobs.worker.close_old_connections", lambda: None)

    def run() -> None:
        django_rq.get_worker(worker_class=RenderWorker).work(burst=True, logging_level="ERROR")

    return run


@pytest.fixture(autouse=True)
def _signals_as_before() -> Iterator[None]:
    """Take back the handlers that RQ's worker installs, which would only note a Ctrl-C."""
    before = {signum: signal.getsignal(signum) for signum in (signal.SIGINT, signal.SIGTERM)}
    yield
    for signum, handler in before.items():
        signal.signal(signum, handler)


@pytest.fixture(autouse=True)
def _nothing_left_in_the_process() -> Iterator[None]:
    """Let go of clients, buffers and renderers, which hold what a test did or set."""
    yield
    reset_all()


@pytest.fixture
def fake_renderer(monkeypatch: pytest.MonkeyPatch) -> FakeRenderer:
    """Renders at once, or fails as it is told to."""
    fake = FakeRenderer()
    monkeypatch.setattr(renderer, "_make_renderer", lambda timeout: fake)
    renderer.reset_renderer()
    return fake


@pytest.fixture
def created(printers: Any, order: dict[str, Any]) -> list[Check]:
    """The kitchen's and the client's check of the example order, created and not rendered."""
    return services.create_checks(order=order, actor=Actor.order_system(), now=NOW)


@pytest.fixture
def token(db: None) -> NewToken:
    """A token of an order system, with its secret."""
    order_system = OrderSystem.objects.create(name="Сайт")
    return create_token(order_system=order_system, actor=Actor("command"), now=NOW)


@pytest.fixture
def offline(tmp_path: Path) -> Offline:
    """Verifies a proof with the script alone, whose arguments it takes."""
    return Offline(tmp_path)


@pytest.fixture
def staff(db: None) -> Actor:
    """A member of the support staff, as an actor."""
    return Actor.staff(get_user_model().objects.create_user("olga", is_staff=True).pk)
