"""Orders as they may come, the same ones every time: dishes, streets and first names that are nobody's."""

import json
from pathlib import Path
from random import Random
from typing import Any

WORDS: dict[str, Any] = json.loads((Path(__file__).parent / "words.json").read_text(encoding="utf-8"))
FIRST_ORDER = 480_100
NOBODY = 70_000_000_000  # no phone has the area code 000


class Orders:
    """Gives one order after another."""

    def __init__(self, seed: int = 7) -> None:
        self.random = Random(seed)  # noqa: S311 - nothing secret comes of it
        self._number = FIRST_ORDER

    def next(self, point_id: int) -> dict[str, Any]:
        """Return the next order of this point."""
        self._number += self.random.randint(1, 3)
        items = [self._item(dish) for dish in self.random.sample(WORDS["dishes"], self.random.randint(1, 4))]
        return {
            "id": self._number,
            "point_id": point_id,
            "price": sum(item["quantity"] * item["unit_price"] for item in items),
            "items": items,
            "address": self._address(),
            "client": {"name": self.random.choice(WORDS["clients"]), "phone": NOBODY + self._number},
        }

    def _item(self, dish: list[Any]) -> dict[str, Any]:
        name, unit_price = dish
        return {"name": name, "quantity": self.random.choice((1, 1, 1, 2, 3)), "unit_price": unit_price}

    def _address(self) -> str:
        words = {
            "street": self.random.choice(WORDS["streets"]),
            "house": self.random.randint(1, 60),
            "flat": self.random.randint(1, 90),
        }
        address: str = WORDS["town"] % words
        return address
