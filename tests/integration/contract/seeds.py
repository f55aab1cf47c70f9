"""Checks that requests can find, and how a request comes to ask for them."""

from typing import Any, NamedTuple
from uuid import uuid4

from schemathesis import Case, GenerationMode

from checks import services
from checks.jobs.render import render as run_render
from foundation.context import Actor
from printers.models import Printer
from tests.conftest import NOW

KEY = "key1"
POINTS = 4
FIRST_ORDER = 7_000_000_000_000


class Seeds(NamedTuple):
    """What is there for the printer of KEY, the orders that it came with, and the tokens of others."""

    rendered: list[int]
    downloaded: list[int]
    order_ids: list[int]
    token: str
    reader: str

    def credentials(self, case: Case) -> dict[str, str]:
        """Return the headers of whoever has a token for the call; schemathesis gives printers theirs."""
        match case.operation.label:
            case "POST /create_checks/" | "GET /order_checks/":
                return {"Authorization": f"Bearer {self.token}"}
            case "GET /events/":
                return {"Authorization": f"Bearer {self.reader}"}
        return {}


def seed_checks(order: dict[str, Any], token: str, reader: str) -> Seeds:
    """Create and render six orders; the printer has downloaded half of its checks."""
    printer = Printer.objects.get(api_key=KEY)
    order_ids = list(range(FIRST_ORDER, FIRST_ORDER + 6))
    mine = []
    for order_id in order_ids:
        checks = services.create_checks(order={**order, "id": order_id}, actor=Actor.order_system(), now=NOW)
        for check in checks:
            run_render(check.order_id, check.type, str(uuid4()))
        mine += [check.pk for check in checks if check.printer_id == printer.pk]
    for check_id in mine[3:]:
        services.download_check(printer=printer, check_id=check_id, now=NOW)
    return Seeds(mine[:3], mine[3:], order_ids, token, reader)


def is_valid(case: Case) -> bool:
    """Tell whether the request is as the contract has it; others are made to break it."""
    return case.meta is not None and case.meta.generation.mode is GenerationMode.POSITIVE


def aim(case: Case, seeds: Seeds) -> None:
    """Make a valid request ask for what is there, as whoever knows the service would."""
    match case.operation.label:
        case "POST /create_checks/":
            _order_for_a_point(case.body)
        case "GET /order_checks/":
            case.query["order_id"] = _one_of(seeds.order_ids, case.query["order_id"])
        case "GET /check/":
            case.query["check_id"] = _one_of(seeds.rendered + seeds.downloaded, case.query["check_id"])
        case "POST /check/printed/" | "POST /check/failed/":
            _report(case, seeds)


def _order_for_a_point(order: dict[str, Any]) -> None:
    """Keep the point's form, a number or a text."""
    point_id = order["point_id"]
    order["point_id"] = type(point_id)(int(point_id) % POINTS + 1)


def _report(case: Case, seeds: Seeds) -> None:
    """Name one check, here or there, and a reason."""
    body = case.body if isinstance(case.body, dict) else {}
    asked = body.get("check_id", case.query.get("check_id", 1))
    check_id = _one_of(seeds.downloaded, asked)
    if "check_id" in body:
        body["check_id"] = check_id
    if "check_id" in case.query or "check_id" not in body:
        case.query["check_id"] = check_id
    if "reason" not in body and case.operation.label == "POST /check/failed/":
        case.query.setdefault("reason", "no paper")
    body.pop(
        "api_key", None
    )  # OpenAPI has no word for keys in bodies: the request would count as one without


def _one_of(ids: list[int], asked: int) -> int:
    return ids[int(asked) % len(ids)]
