"""Tokens in the generated contract. drf-spectacular finds these classes by itself."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension


class OrderSystemAuthenticationScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """A token, or none if the network in front lets only order systems in."""

    target_class = "order_systems.authentication.OrderSystemAuthentication"
    name = "OrderSystemToken"

    def get_security_requirement(self, auto_schema: Any) -> list[dict[str, list[Any]]]:
        return [{"OrderSystemToken": []}, {}]

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "Made in the admin; not needed where the operator has set ORDER_API_OPEN.",
        }
