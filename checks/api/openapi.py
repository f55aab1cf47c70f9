"""What the generated contract says of the calls beside their serializers, in English."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse

from checks.api import openapi_security  # noqa: F401 - drf-spectacular finds what it defines
from checks.api import serializers as wire
from checks.api.fields import READABLE
from checks.api.parameters import IDEMPOTENCY_KEY as KEY_HEADER
from checks.models import MAX_ORDER_ID
from order_systems.models import MAX_IDEMPOTENCY_KEY

ORDERS, PRINTERS = ["order systems"], ["printers"]

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
_UNKNOWN_CHECK = OpenApiExample(
    "No such check", value={"error": "Такого чека нет.", "code": "check_not_found"}
)
_NO_ACCESS = OpenApiExample("No such key", value={"error": "Ошибка авторизации"})


def _refusal(description: str, *examples: OpenApiExample) -> OpenApiResponse:
    return OpenApiResponse(wire.RefusalSerializer, description=description, examples=list(examples))


INVALID_ORDER = _refusal("The order cannot be taken; nothing was written.", _INVALID)
REFUSED = _refusal("The request is at fault; nothing was changed.", _UNKNOWN_CHECK)
_GUESSER = _refusal("Too many wrong keys came from this address; Retry-After has the seconds to wait.")
NO_KEY = {401: _refusal("No printer has this key, or none was sent.", _NO_ACCESS), 429: _GUESSER}
NO_TOKEN = {401: _refusal("The token is wrong, or is missing and needed.", _NO_ACCESS), 429: _GUESSER}
KEY_REUSED = _refusal("This Idempotency-Key came with another body before; nothing was written.")
BODY_REFUSED = {
    413: _refusal("The body is too large."),
    415: _refusal("The body has a content type that is not taken."),
}

_ID = {"type": "integer", "format": "int64", "minimum": 1, "maximum": MAX_ORDER_ID}
ORDER_ID = OpenApiParameter("order_id", _ID, required=True)
CHECK_ID = OpenApiParameter("check_id", _ID, required=True)
CHECK_ID_OR_BODY = OpenApiParameter("check_id", _ID, description="Here or in the body.")
REASON_OR_BODY = OpenApiParameter(
    "reason",
    {"type": "string", "minLength": 1, "maxLength": wire.MAX_REASON, "pattern": READABLE},
    description="Here or in the body.",
)
PDF = OpenApiResponse(OpenApiTypes.BINARY, description="The document; its name is `<order id>_<type>.pdf`.")
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
OF_A_REPORT = {200: wire.DoneSerializer, 400: REFUSED, **NO_KEY, **BODY_REFUSED}
