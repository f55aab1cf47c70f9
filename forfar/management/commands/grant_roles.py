from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from forfar.roles import grants as roles
from forfar.roles.kinds import ANALYST, APPLICATION, Kind
from foundation.errors import ForFarError

# The kind of role of each option.
KINDS = {"app_role": APPLICATION, "analyst_role": ANALYST}


class Command(BaseCommand):
    help = (
        "Give the application a role that can do everything the service does but cannot change the log, and "
        "analysts a role that only reads the log and the schema analytics. Run it as the owner of the tables "
        "after each migrate. It creates missing roles, without a password. Running it again changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--app-role", help="the role of web processes and workers")
        parser.add_argument("--analyst-role", help="the role of people and tools that only read")
        parser.add_argument("--dry-run", action="store_true", help="print the SQL, do nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        if not any(options[option] for option in KINDS):
            raise CommandError("Name a role: --app-role, --analyst-role, or both.")
        if options["app_role"] == options["analyst_role"]:
            raise CommandError("Name two roles: an analyst's role lacks what the application needs.")
        try:
            for option, kind in KINDS.items():
                if role := options[option]:
                    self._grant(role, kind, dry_run=options["dry_run"])
        except ForFarError as error:
            raise CommandError(str(error)) from error

    @transaction.atomic
    def _grant(self, role: str, kind: Kind, *, dry_run: bool) -> None:
        for statement in roles.grants(role, kind):
            if dry_run:
                self.stdout.write(f"{statement};")
            else:
                with connection.cursor() as cursor:
                    cursor.execute(statement)
        if dry_run:
            return
        if excesses := roles.excesses(role, kind):
            raise CommandError(
                f"The role {role} still has, through PUBLIC or another role: {', '.join(excesses)}. "
                "Nothing was changed."
            )
        self.stdout.write(f"The role {role} has what it needs and nothing else.")
