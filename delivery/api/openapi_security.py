"""How api.yml describes API keys. drf-spectacular finds these classes by itself."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension


class PrinterAuthenticationScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The two ways of sending a key."""

    target_class = "delivery.api.authentication.PrinterAuthentication"
    name = ["ApiKeyHeader", "ApiKeyQuery"]

    def get_security_requirement(self, auto_schema: Any) -> list[dict[str, list[Any]]]:
        """Require one of them; a single dictionary with both would require both."""
        return [{name: []} for name in self.name]

    def get_security_definition(self, auto_schema: Any) -> list[dict[str, str]]:
        return [
            {
                "type": "apiKey",
                "in": "header",
                "name": "Authorization",
                "description": "`Api-Key <key>`; preferred, because it stays out of access logs.",
            },
            {"type": "apiKey", "in": "query", "name": "api_key", "description": "For existing clients."},
        ]
