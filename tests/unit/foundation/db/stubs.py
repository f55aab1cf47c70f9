"""Connections that say which version their server has, and models in an application of their own."""

from typing import Any

from django.apps.registry import Apps
from django.db import models
from django.db.backends.postgresql import base as django_backend

from foundation.db.postgresql.base import DatabaseWrapper

# What psycopg gives: 9.6.24, 10.20, 11.22, 12.22, 14.0, 18.4.
V9_6, V10, V11, V12, V14, V18 = 90624, 100020, 110022, 120022, 140000, 180004

SETTINGS = {"NAME": "nowhere", "OPTIONS": {}, "TIME_ZONE": None, "TEST": {}}


def connection_to(version: int | None) -> DatabaseWrapper:
    """Give a connection that is never opened; pytest-django refuses to open one in a unit test."""
    wrapper = DatabaseWrapper(dict(SETTINGS), alias="stub")
    if version:
        wrapper.pg_version = version
    return wrapper


def djangos_connection() -> django_backend.DatabaseWrapper:
    return django_backend.DatabaseWrapper(dict(SETTINGS), alias="stub")


def model(**fields: "models.Field[Any, Any]") -> type[models.Model]:
    """Make the model `Ticket` (table `ticket`), each time in a registry of its own."""
    meta = type("Meta", (), {"app_label": "scratch", "apps": Apps(), "db_table": "ticket"})
    return type("Ticket", (models.Model,), {"__module__": __name__, "Meta": meta, **fields})


def create_sql(connection: django_backend.DatabaseWrapper, ticket: type[models.Model]) -> str:
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        editor.create_model(ticket)
    return "\n".join(map(str, editor.collected_sql))
