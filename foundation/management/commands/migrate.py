from django.core.management.commands import migrate

from foundation.management.base import LongCommand


class Command(LongCommand, migrate.Command):
    """Django's own without time limits: an index on a large table takes long."""
