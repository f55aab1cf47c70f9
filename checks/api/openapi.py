"""Descriptions of order systems' calls for the generated api.yml, in English."""

from drf_spectacular.utils import OpenApiExample, OpenApiParameter

from checks.api import serializers as wire
from foundation.http.openapi import BODY_REFUSED, ID_SCHEMA, NO_TOKEN, refusal
from order_systems import openapi_security  # noqa: F401 - drf-spectacular finds what it defines
from order_systems.idempotency_key import IDEMPOTENCY_KEY as KEY_HEADER
from order_systems.models import MAX_IDEMPOTENCY_KEY

ORDERS = ["order systems"]

ORDER_EXAMPLE = OpenApiExample(
    "An order",
    request_only=True,
    value={
        "id": 123456,
        "price": 780,
        "point_id": 1,
        "items": [
            {"name": "Вкусная пицца", "quantity": 2, "unit_price": 250},
            {"name": "Не менее вкусные роллы", "quantity": 1, "unit_price": 280},
        ],
        "address": "г. Уфа, ул. Ленина, д. 42",
        "client": {"name": "Иван", "phone": 9173332222},
    },
)
CREATED_EXAMPLE = OpenApiExample(
    "Two checks",
    response_only=True,
    status_codes=["200"],
    value={
        "ok": "Чеки успешно созданы",
        "checks": [
            {"id": 1, "type": "kitchen", "printer_id": 1},
            {"id": 2, "type": "client", "printer_id": 2},
        ],
    },
)

_INVALID = OpenApiExample(
    "A field is at fault",
    value={
        "error": "items[0].quantity: Убедитесь, что это значение больше либо равно 1.",
        "code": "invalid",
        "details": {"items[0].quantity": ["Убедитесь, что это значение больше либо равно 1."]},
    },
)

INVALID_ORDER = refusal("The order cannot be taken; nothing was written.", _INVALID)
KEY_REUSED = refusal("This Idempotency-Key came with another body before; nothing was written.")

ORDER_ID = OpenApiParameter("order_id", ID_SCHEMA, required=True)
IDEMPOTENCY_KEY = OpenApiParameter(
    KEY_HEADER,
    {"type": "string", "minLength": 1, "maxLength": MAX_IDEMPOTENCY_KEY, "pattern": "^[ -~]+$"},
    OpenApiParameter.HEADER,
    description="A repeat with the same key and body gets the first answer again; kept for 7 days.",
)
OF_AN_ORDER = {
    200: wire.ChecksCreatedSerializer,
    400: INVALID_ORDER,
    **NO_TOKEN,
    **BODY_REFUSED,
    422: KEY_REUSED,
}
