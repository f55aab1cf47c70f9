"""What changes order systems' tokens."""

from datetime import datetime

from foundation.context import Actor
from foundation.tokens import services
from order_systems.models import OrderSystem, Token

MARK = "ffo_"

NewToken = services.NewToken[Token]


def create_token(*, order_system: OrderSystem, actor: Actor, now: datetime) -> NewToken:
    """Make a token for this order system. The caller shows the secret once."""
    return services.create_token(Token(order_system=order_system), mark=MARK, actor=actor, now=now)
