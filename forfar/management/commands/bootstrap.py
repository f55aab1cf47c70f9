import secrets
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand

from printers.models import Printer

ADMIN = "admin"


class Command(BaseCommand):
    help = "Fill a migrated, empty database: the printers of fixtures/printers.json and an admin user."

    def handle(self, *args: Any, **options: Any) -> None:
        if not Printer.objects.exists():
            call_command("loaddata", "printers", verbosity=0)
            call_command("populate_history", "printers.Printer", verbosity=0)
            self.stdout.write(f"Loaded {Printer.objects.count()} printers from fixtures/printers.json.")
        users = get_user_model().objects
        if not users.filter(is_superuser=True).exists():
            password = secrets.token_urlsafe(12)
            users.create_superuser(ADMIN, password=password)
            self.stdout.write(
                f"Created the admin user. Name: {ADMIN}  Password: {password}  (shown only now)"
            )
