"""The heights of the two templates' parts in px, which decide what fits on a sheet."""

from dataclasses import dataclass, replace

from checks.rendering.document.printable import Printable
from checks.rendering.document.receipt import Item, Receipt
from checks.rendering.document.sheets import Frame, count_lines, divide

_COLUMNS_PX = 34
_RUNNING_PX = 66
_COPY_PX = 132  # the mark of a copy on the first sheet
_RUNNING_COPY_PX = 60  # the mark on the other sheets
_CUT_PX = 60  # the note below a shortened text, up to two lines


@dataclass(frozen=True)
class Sheet:
    """`first` and `last` are the numbers of its positions, counted from 1."""

    rows: tuple[Item, ...]
    first: int
    last: int
    is_first: bool
    is_last: bool


class ClientLayout:
    template = "client_check.html"

    def divide(self, receipt: Receipt, *, is_copy: bool = False) -> list[Sheet]:
        return _make_sheets(
            receipt, [self._height(item) for item in receipt.items], self._frame(receipt), is_copy
        )

    def _height(self, item: Item) -> int:
        lines = max(
            count_lines(item.name, 460 / 25),
            count_lines(f"{item.quantity} × {item.unit_price}", 215 / 25),
            count_lines(item.sum, 200 / 25),
        )
        return 24 + 34 * lines + _mark(item.name)

    def _frame(self, receipt: Receipt) -> Frame:
        texts = (receipt.address, receipt.client_name, receipt.client_phone)
        return Frame(
            title=46 + 148 + 44 + sum(14 + 34 * count_lines(text, 725 / 25) + _mark(text) for text in texts),
            running=_RUNNING_PX,
            columns=_COLUMNS_PX,
            closing=270,
        )


class KitchenLayout:
    template = "kitchen_check.html"

    def divide(self, receipt: Receipt, *, is_copy: bool = False) -> list[Sheet]:
        return _make_sheets(
            receipt,
            [self._height(item) for item in receipt.items],
            Frame(title=52 + 236, running=_RUNNING_PX, columns=_COLUMNS_PX, closing=70),
            is_copy,
        )

    def _height(self, item: Item) -> int:
        lines = max(
            count_lines(item.name, 585 / 34),
            count_lines(item.quantity, 72 / 34),
            count_lines(item.unit_price, 140 / 26),
        )
        return 33 + 46 * lines + _mark(item.name)


LAYOUTS: dict[str, ClientLayout | KitchenLayout] = {"client": ClientLayout(), "kitchen": KitchenLayout()}


def _mark(text: Printable) -> int:
    return _CUT_PX if text.missing else 0


def _make_sheets(receipt: Receipt, heights: list[int], frame: Frame, is_copy: bool) -> list[Sheet]:
    if is_copy:
        frame = replace(frame, title=frame.title + _COPY_PX, running=frame.running + _RUNNING_COPY_PX)
    return [
        Sheet(
            rows=receipt.items[part.start : part.stop],
            first=part.start + 1,
            last=part.stop,
            is_first=part.start == 0,
            is_last=part.stop == receipt.positions,
        )
        for part in divide(heights, frame)
    ]
