import sys
from typing import Any

from django.core.management.base import BaseCommand

from checks.models import Check


class Command(BaseCommand):
    help = "Exit 0 if there is a check, 1 if there is none."

    def handle(self, *args: Any, **options: Any) -> None:
        sys.exit(0 if Check.objects.exists() else 1)
