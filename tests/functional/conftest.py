"""Fixtures of the tests with the service's own processes."""

from tests.functional.web import web

__all__ = ["web"]
