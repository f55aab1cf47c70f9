"""What of an order speaks of a person, and what is left of it after an erasure."""

from collections.abc import Mapping
from typing import Any, Protocol

NAMED = ("address", "client.name", "client.phone")
OTHER = "other"

VIEW_PERMISSION = "checks.view_personal_data"

_KEPT = ("id", "point_id", "price")
_KEPT_OF_ITEMS = ("name", "quantity", "unit_price")


def without_personal_data(order: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was ordered, where and for how much, with nothing of the person.

    The fields that pages and receipts read stay, empty. Fields that are not in the contract go altogether:
    nobody knows what order systems send in them.
    """
    return {
        **{name: order[name] for name in _KEPT if name in order},
        "items": [
            {name: item[name] for name in _KEPT_OF_ITEMS if name in item} for item in order.get("items", [])
        ],
        "address": "",
        "client": {"name": "", "phone": ""},
    }


def erased_fields(order: Mapping[str, Any]) -> tuple[str, ...]:
    """Name what an erasure takes from the order; what is not in the contract has no name of ours."""
    client = order.get("client", {})
    known = {**without_personal_data(order), "address": order.get("address", "")}
    known["client"] = {name: client.get(name, "") for name in ("name", "phone")}
    return NAMED if known == order else (*NAMED, OTHER)


class _User(Protocol):
    def has_perm(self, perm: str) -> bool: ...


def may_see_personal_data(user: _User) -> bool:
    """Tell whether this member of staff may see names, phones and addresses."""
    return user.has_perm(VIEW_PERMISSION)
