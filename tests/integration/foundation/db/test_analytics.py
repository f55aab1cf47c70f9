"""An analyst's reading … Tests with a replica are in tests/functional/test_replica.py."""

from typing import Any

import pytest
from django.db import DEFAULT_DB_ALIAS, InternalError, transaction

from foundation.db.analytics import ReadTooSlowError, analytical_reads
from foundation.db.query import value
from printers.models import Printer


def settings_of(alias: str) -> list[str]:
    names = ("statement_timeout", "idle_in_transaction_session_timeout", "transaction_read_only")
    return [value(f"SHOW {name}", using=alias) for name in (*names, "transaction_isolation")]


@pytest.mark.django_db(transaction=True)
def test_it_is_one_moment_that_cannot_write_and_has_little_time() -> None:
    with analytical_reads() as alias:
        assert alias == DEFAULT_DB_ALIAS
        assert settings_of(alias) == ["5s", "30s", "on", "repeatable read"]

    assert settings_of(DEFAULT_DB_ALIAS) == ["10s", "30s", "off", "read committed"]


@pytest.mark.parametrize(
    ("general", "asked", "limit"), [(5, 3, "3s"), (2, 3, "2s"), (0, 3, "3s"), (0, None, "0")]
)
def test_it_has_the_shorter_of_two_limits(
    db: None, settings: Any, general: int, asked: int | None, limit: str
) -> None:
    settings.ANALYTICS_STATEMENT_TIMEOUT_SECONDS = general

    with analytical_reads(seconds=asked) as alias:
        assert settings_of(alias)[0] == limit


@pytest.mark.django_db(transaction=True)
def test_it_may_take_its_time_where_a_command_says_so() -> None:
    with analytical_reads(unlimited=True) as alias:
        assert settings_of(alias)[:2] == ["0", "0"]

    assert settings_of(DEFAULT_DB_ALIAS)[:2] == ["10s", "30s"]


def test_it_leaves_a_callers_transaction_as_it_was(db: None) -> None:
    before = settings_of(DEFAULT_DB_ALIAS)

    with analytical_reads() as alias:
        assert settings_of(alias)[:3] == ["5s", "30s", "on"]

    assert settings_of(DEFAULT_DB_ALIAS) == before
    Printer.objects.create(name="x", api_key="x", check_type="client", point_id=1)


def test_it_writes_nothing(db: None) -> None:
    with pytest.raises(InternalError, match="read-only"), transaction.atomic(), analytical_reads():
        Printer.objects.create(name="x", api_key="x", check_type="client", point_id=1)


@pytest.mark.django_db(transaction=True)
def test_it_says_when_a_statement_takes_too_long() -> None:
    with pytest.raises(ReadTooSlowError) as refusal, analytical_reads() as alias:
        value("SET LOCAL statement_timeout = '10ms'; SELECT pg_sleep(10)", using=alias)

    assert refusal.value.code == "too_slow"
    assert settings_of(DEFAULT_DB_ALIAS)[0] == "10s"
