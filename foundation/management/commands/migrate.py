from django.core.management.commands import migrate

from foundation.management.base import LongCommand


class Command(LongCommand, migrate.Command):
    """Django's own, which an index on a large table must not end after some seconds."""
