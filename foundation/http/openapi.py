"""Parts of the generated contract that several APIs share. They are in English."""

from drf_spectacular.utils import OpenApiExample, OpenApiResponse

from foundation.http.serializers import RefusalSerializer
from foundation.ids import MAX_BIGINT

ID_SCHEMA = {"type": "integer", "format": "int64", "minimum": 1, "maximum": MAX_BIGINT}
_UNKNOWN_CHECK = OpenApiExample(
    "No such check", value={"error": "Такого чека нет.", "code": "check_not_found"}
)
_NO_ACCESS = OpenApiExample("No such key", value={"error": "Ошибка авторизации"})


def refusal(description: str, *examples: OpenApiExample) -> OpenApiResponse:
    """Describe a refusal. All have the same shape."""
    return OpenApiResponse(RefusalSerializer, description=description, examples=list(examples))


REFUSED = refusal("The request is at fault; nothing was changed.", _UNKNOWN_CHECK)
TOO_MANY_KEYS = refusal("Too many wrong keys came from this address; Retry-After has the seconds to wait.")
NO_KEY = {401: refusal("No printer has this key, or none was sent.", _NO_ACCESS), 429: TOO_MANY_KEYS}
NO_TOKEN = {401: refusal("The token is wrong, or is missing and needed.", _NO_ACCESS), 429: TOO_MANY_KEYS}
BODY_REFUSED = {
    413: refusal("The body is too large."),
    415: refusal("The body has a content type that is not taken."),
}
