from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from foundation.context import Actor
from foundation.tokens.services import revoke_token
from order_systems import services
from order_systems.models import OrderSystem, Token

ACTOR = Actor.command()


class Command(BaseCommand):
    help = "Make, list and revoke the tokens of order systems."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        create = verbs.add_parser(
            "create", help="make a token, and the order system if it is new; print the token this once"
        )
        create.add_argument("name", help="the order system's name")
        verbs.add_parser(
            "list", help="list all tokens: id, first characters, order system, when made, used, revoked"
        )
        revoke = verbs.add_parser("revoke", help="make a token useless")
        revoke.add_argument("id", type=int, help="the token's id in the list")

    def handle(self, *args: Any, **options: Any) -> None:
        {"create": self._create, "list": self._list, "revoke": self._revoke}[options["verb"]](options)

    def _create(self, options: dict[str, Any]) -> None:
        order_system, _made = OrderSystem.objects.get_or_create(name=options["name"])
        made = services.create_token(order_system=order_system, actor=ACTOR, now=timezone.now())
        self.stderr.write(f"Token {made.token.pk} of {order_system}; it is shown only now:")
        self.stdout.write(made.secret)
        if not order_system.is_active:
            self.stderr.write("This order system is not active: none of its tokens is accepted.")

    def _list(self, options: dict[str, Any]) -> None:
        for token in Token.objects.select_related("order_system").order_by("id"):
            used = f"used {token.last_used_at:%Y-%m-%d %H:%M}" if token.last_used_at else "never used"
            ended = f"revoked {token.revoked_at:%Y-%m-%d %H:%M}" if token.revoked_at else "valid"
            if not token.order_system.is_active:
                ended += ", order system not active"
            made = f"made {token.created_at:%Y-%m-%d %H:%M}"
            self.stdout.write(
                "  ".join([str(token.pk), str(token), token.order_system.name, made, used, ended])
            )

    def _revoke(self, options: dict[str, Any]) -> None:
        if not revoke_token(kind=Token, token_id=options["id"], actor=ACTOR, now=timezone.now()):
            raise CommandError(f"There is no valid token {options['id']}.")
        self.stdout.write(f"Token {options['id']} is revoked.")
