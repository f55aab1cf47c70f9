"""The part of the OpenAPI contract that describes the feed."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from events.api.answers import FORMATS
from events.api.parameters import DEFAULT_LIMIT, MAX_ACTOR, MAX_LIMIT
from events.feed.cursor import PATTERN
from events.log.patterns import PATTERNS
from events.log.registry import registry
from foundation.http.openapi import refusal
from foundation.ids import MAX_BIGINT

READERS = ["readers of the log"]
HEX = "^[0-9a-f]{64}$"


class EventSerializer(serializers.Serializer[Any]):
    cursor = serializers.RegexField(PATTERN, help_text="The position of this event, for `after`.")
    id = serializers.IntegerField(min_value=1)
    check_id = serializers.IntegerField(min_value=1)
    version = serializers.IntegerField(min_value=1)
    type = serializers.CharField()
    schema_version = serializers.IntegerField(min_value=1)
    data = serializers.DictField()  # type: ignore[assignment]
    actor = serializers.CharField()
    correlation_id = serializers.UUIDField()
    occurred_at = serializers.DateTimeField()
    recorded_at = serializers.DateTimeField()
    event_uid = serializers.UUIDField()
    hash = serializers.RegexField(HEX)
    prev_hash = serializers.RegexField(HEX)


class EventsPageSerializer(serializers.Serializer[Any]):
    events = EventSerializer(many=True)
    next = serializers.RegexField(PATTERN, help_text="Where to continue, also after a page without events.")
    more = serializers.BooleanField(help_text="More settled events may follow: ask again at once.")


class ReaderAuthenticationScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "events.api.authentication.ReaderAuthentication"
    name = "ReaderToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A token to read events, made in the admin. Order systems' tokens do not work.",
        }


def _parameter(name: str, schema: dict[str, Any], description: str = "") -> OpenApiParameter:
    return OpenApiParameter(name, schema, description=description)


_ID = {"type": "integer", "format": "int64", "minimum": 1, "maximum": MAX_BIGINT}
_MOMENT = {"type": "string", "format": "date-time"}
PARAMETERS = [
    _parameter(
        "after",
        {"type": "string", "pattern": PATTERN},
        "The cursor to continue from. Without it, the beginning.",
    ),
    _parameter("limit", {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT}),
    _parameter(
        "format",
        {"type": "string", "enum": list(FORMATS)},
        "Without it, the Accept header decides, and JSON is the default.",
    ),
    _parameter("type", {"type": "string", "enum": list(registry.names())}),
    _parameter(
        "actor",
        {"type": "string", "minLength": 1, "maxLength": MAX_ACTOR},
        "How the actor begins: `printer`, `printer:12`, `staff:3`.",
    ),
    _parameter("check", _ID),
    _parameter("order", _ID),
    _parameter("printer", _ID),
    _parameter("request", {"type": "string", "format": "uuid"}, "The correlation id."),
    _parameter("since", _MOMENT, "`occurred_at` at or after this moment."),
    _parameter("until", _MOMENT, "`occurred_at` before this moment."),
    _parameter(
        "pattern",
        {"type": "string", "enum": [name for name, _ in PATTERNS]},
        "Events of checks that took this course in the last 24 hours, or since `since`.",
    ),
]
ANSWERS = {
    (200, "application/json"): EventsPageSerializer,
    (200, "application/x-ndjson"): OpenApiResponse(
        OpenApiTypes.STR, description="One event per line. The last line has `next` and `more`."
    ),
    (200, "text/csv"): OpenApiResponse(
        OpenApiTypes.STR,
        description="One event per line. Continue at the last line's cursor; without lines, at X-Feed-Next.",
    ),
    400: refusal("The cursor (`bad_cursor`) or another parameter (`invalid`) is wrong."),
    401: refusal("The token is missing, wrong or revoked."),
    403: refusal("This member of staff may not see events."),
    429: refusal("Too many wrong keys came from this address. Retry-After has the seconds to wait."),
    503: refusal("The database is unreachable, took too long (`too_slow`), or cannot be followed."),
}
