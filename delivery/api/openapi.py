"""Descriptions of printers' calls for the generated api.yml, in English."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from delivery.api import openapi_security  # noqa: F401 - drf-spectacular finds what it defines
from delivery.api import serializers as wire
from foundation.http.fields import READABLE
from foundation.http.openapi import BODY_REFUSED, ID_SCHEMA, NO_KEY, REFUSED
from foundation.http.serializers import DoneSerializer

PRINTERS = ["printers"]

CHECK_ID = OpenApiParameter("check_id", ID_SCHEMA, required=True)
CHECK_ID_OR_BODY = OpenApiParameter("check_id", ID_SCHEMA, description="Here or in the body.")
REASON_OR_BODY = OpenApiParameter(
    "reason",
    {"type": "string", "minLength": 1, "maxLength": wire.MAX_REASON, "pattern": READABLE},
    description="Here or in the body.",
)
PDF = OpenApiResponse(OpenApiTypes.BINARY, description="The document; its name is `<order id>_<type>.pdf`.")
OF_A_REPORT = {200: DoneSerializer, 400: REFUSED, **NO_KEY, **BODY_REFUSED}
