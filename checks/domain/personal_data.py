"""Which data of an order is personal, and what remains after an erasure."""

from collections.abc import Mapping
from typing import Any, Protocol

NAMED = ("address", "client.name", "client.phone")
OTHER = "other"

VIEW_PERMISSION = "checks.view_personal_data"

_KEPT = ("id", "point_id", "price")
_KEPT_OF_ITEMS = ("name", "quantity", "unit_price")


def without_personal_data(order: Mapping[str, Any]) -> dict[str, Any]:
    """Return the order without personal data: what was ordered, where and for how much.

    The personal fields that pages and receipts read stay, but are empty. Fields outside the contract are
    removed, because nobody knows what order systems send in them.
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
    """Name the fields that an erasure removes; all fields outside the contract are named `other`."""
    client = order.get("client", {})
    known = {**without_personal_data(order), "address": order.get("address", "")}
    known["client"] = {name: client.get(name, "") for name in ("name", "phone")}
    return NAMED if known == order else (*NAMED, OTHER)


class _User(Protocol):
    def has_perm(self, perm: str) -> bool: ...


def may_see_personal_data(user: _User) -> bool:
    """Tell whether this member of staff may see names, phones and addresses."""
    return user.has_perm(VIEW_PERMISSION)
