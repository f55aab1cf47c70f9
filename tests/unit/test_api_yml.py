"""api.yml …"""

from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.utils import translation
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer
from drf_spectacular.validation import validate_schema

from checks.api.openapi import ORDER_EXAMPLE
from tests.conftest import EXAMPLE_ORDER

FILE = Path(settings.BASE_DIR) / "api.yml"
REGENERATE = "python manage.py spectacular --validate --fail-on-warn --file api.yml"


def _generated() -> dict[str, Any]:
    schema: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return schema


def _as_yaml(schema: dict[str, Any]) -> str:
    return OpenApiYamlRenderer().render(schema, renderer_context={}).decode()


@pytest.fixture(scope="module")
def contract() -> Any:
    return yaml.safe_load(FILE.read_text())


def _refusals(contract: Any) -> list[tuple[str, str]]:
    return [
        (operation["operationId"], status)
        for operations in contract["paths"].values()
        for operation in operations.values()
        for status, response in operation["responses"].items()
        if status != "200" and response["content"]["application/json"]["schema"]["$ref"].endswith("/Refusal")
    ]


@pytest.mark.parametrize("language", ["ru", "en", "de"])
def test_it_is_what_the_code_generates_in_every_language(language: str) -> None:
    with translation.override(language):
        generated = _as_yaml(_generated())

    assert generated == FILE.read_text(), f"api.yml is out of date: {REGENERATE}"


def test_it_is_valid_and_generated_without_a_warning() -> None:
    GENERATOR_STATS.reset()

    validate_schema(_generated())

    assert not GENERATOR_STATS


def test_it_has_the_seven_calls(contract: Any) -> None:
    calls = {(path, method) for path, methods in contract["paths"].items() for method in methods}

    assert calls == {
        ("/create_checks/", "post"),
        ("/order_checks/", "get"),
        ("/new_checks/", "get"),
        ("/check/", "get"),
        ("/check/printed/", "post"),
        ("/check/failed/", "post"),
        ("/events/", "get"),
    }


def test_it_names_the_refusals(contract: Any) -> None:
    expected = {
        "create_checks": {"400", "401", "413", "415", "422", "429"},
        "order_checks": {"400", "401", "429"},
        "new_checks": {"401", "429"},
        "check": {"400", "401", "429"},
        "check_printed": {"400", "401", "413", "415", "429"},
        "check_failed": {"400", "401", "413", "415", "429"},
        "events": {"400", "401", "403", "429", "503"},
    }

    assert set(_refusals(contract)) == {(call, status) for call, all_ in expected.items() for status in all_}


def test_it_asks_for_either_form_of_the_key_and_not_for_both(contract: Any) -> None:
    assert contract["paths"]["/check/"]["get"]["security"] == [{"ApiKeyHeader": []}, {"ApiKeyQuery": []}]
    schemes = contract["components"]["securitySchemes"]
    assert {(scheme["in"], scheme["name"]) for scheme in schemes.values() if scheme["type"] == "apiKey"} == {
        ("header", "Authorization"),
        ("query", "api_key"),
        ("cookie", "sessionid"),  # of staff, for the log
    }


@pytest.mark.parametrize(("path", "method"), [("/create_checks/", "post"), ("/order_checks/", "get")])
def test_it_asks_order_systems_for_a_token_or_none(contract: Any, path: str, method: str) -> None:
    assert contract["paths"][path][method]["security"] == [{"OrderSystemToken": []}, {}]
    assert contract["components"]["securitySchemes"]["OrderSystemToken"]["scheme"] == "bearer"


def test_it_has_the_idempotency_key(contract: Any) -> None:
    (header,) = contract["paths"]["/create_checks/"]["post"]["parameters"]

    assert (header["in"], header["name"], header.get("required", False)) == (
        "header",
        "Idempotency-Key",
        False,
    )
    assert (header["schema"]["minLength"], header["schema"]["maxLength"]) == (1, 255)


def test_it_has_the_rules_of_an_order(contract: Any) -> None:
    schemas = contract["components"]["schemas"]
    order, item = schemas["OrderRequest"]["properties"], schemas["ItemRequest"]["properties"]

    assert (order["id"]["minimum"], order["id"]["maximum"]) == (1, 2**63 - 1)
    assert (order["items"]["minItems"], order["items"]["maxItems"]) == (1, 500)
    assert (order["price"]["minimum"], item["quantity"]["minimum"], item["unit_price"]["minimum"]) == (
        0,
        1,
        0,
    )
    assert [each["type"] for each in order["point_id"]["oneOf"]] == ["integer", "string"]
    assert (order["point_id"]["oneOf"][0]["minimum"], item["name"]["pattern"]) == (0, r"\S")
    assert set(schemas["OrderRequest"]["required"]) == set(order)


def test_it_shows_the_contracts_example() -> None:
    assert ORDER_EXAMPLE.value == EXAMPLE_ORDER
