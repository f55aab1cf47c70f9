"""What order systems call: create checks and follow them. Each view parses, makes one call and answers."""

from typing import Any, cast

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from checks import services
from checks.api import openapi
from checks.api import serializers as wire
from checks.models import Check, CheckNotFoundError
from checks.services.order_checks import checks_of_order
from foundation.context import Actor
from foundation.http.openapi import NO_TOKEN, REFUSED
from foundation.http.parameters import sent_id
from order_systems.authentication import IsOrderSystem, OrderSystemAuthentication
from order_systems.idempotency_key import sent_idempotency_key


class OrderSystemView(APIView):
    """A call of an order system, known by its token or, without one, let in by the network."""

    authentication_classes = (OrderSystemAuthentication,)
    permission_classes = (IsOrderSystem,)

    @property
    def order_system_id(self) -> int | None:
        return self.request.user.pk if self.request.user else None


class CreateChecksView(OrderSystemView):
    @extend_schema(
        operation_id="create_checks",
        tags=openapi.ORDERS,
        parameters=[openapi.IDEMPOTENCY_KEY],
        request=wire.OrderSerializer,
        responses=openapi.OF_AN_ORDER,
        examples=[openapi.ORDER_EXAMPLE, openapi.CREATED_EXAMPLE],
    )
    def post(self, request: Request) -> Response:
        """Create a check for every printer at the order's point."""
        key = sent_idempotency_key(request)
        order = cast("dict[str, Any]", request.data)  # as it was sent; the parser accepts only objects
        wire.ORDER.run_validation(order)
        actor, now = Actor.order_system(self.order_system_id), timezone.now()
        if key is None:
            return Response(_created(services.create_checks(order=order, actor=actor, now=now)))
        answer = services.create_checks_once(
            order=order,
            order_system_id=self.order_system_id,
            idempotency_key=key,
            answer_to=_created,
            actor=actor,
            now=now,
        )
        return Response(answer)


def _created(checks: list[Check]) -> dict[str, Any]:
    created = [{"id": check.pk, "type": check.type, "printer_id": check.printer_id} for check in checks]
    return {"ok": _("Checks have been created"), "checks": created}


class OrderChecksView(OrderSystemView):
    @extend_schema(
        operation_id="order_checks",
        tags=openapi.ORDERS,
        parameters=[openapi.ORDER_ID],
        responses={200: wire.OrderChecksSerializer, 400: REFUSED, **NO_TOKEN},
    )
    def get(self, request: Request) -> Response:
        """Return the status of an order's checks."""
        order_id = sent_id(request, "order_id")
        if order_id is None:
            raise CheckNotFoundError
        checks = wire.CheckStatusSerializer(checks_of_order(order_id), many=True)
        return Response({"checks": checks.data})
