"""Order systems and printers, as they would behave in earnest: they try again, and say what they saw."""

import itertools
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import requests

PAUSE_SECONDS = 0.2
TIMEOUT_SECONDS = 20
NO_ANSWER = 0  # among the statuses
_ids = itertools.count(1)


def new_order(point_id: int) -> dict[str, Any]:
    """An order that nobody has sent yet."""
    return {
        "id": next(_ids),
        "point_id": point_id,
        "price": 780,
        "items": [{"name": "Вкусная пицца", "quantity": 2, "unit_price": 250}],
        "address": "г. Уфа, ул. Ленина, д. 42",
        "client": {"name": "Иван", "phone": 9173332222},
    }


@dataclass
class Ledger:
    """What the outside world knows."""

    sent: dict[int, int] = field(default_factory=dict)  # order id → point
    accepted: set[int] = field(default_factory=set)
    papers: Counter[int] = field(default_factory=Counter)  # check id → sheets that came out
    statuses: Counter[int] = field(default_factory=Counter)
    order_statuses: Counter[int] = field(default_factory=Counter)  # those of orders alone
    problems: list[str] = field(default_factory=list)
    printing: threading.Event = field(default_factory=threading.Event)  # a paper is out, unconfirmed


class Client(threading.Thread):
    """Repeats a request until it is answered as it should be."""

    def __init__(self, address: str, ledger: Ledger) -> None:
        super().__init__(daemon=True)
        self.address, self.ledger = address, ledger
        self.stopped = threading.Event()

    def ask(self, method: str, path: str, **arguments: Any) -> requests.Response | None:
        """Give the answer; None for a broken connection, and for a 503 that says when to come back."""
        try:
            answer = requests.request(method, self.address + path, timeout=TIMEOUT_SECONDS, **arguments)
        except requests.RequestException:
            self.note(NO_ANSWER)
            return None
        self.note(answer.status_code)
        if answer.status_code == 503 and answer.headers.get("Retry-After"):
            return None
        return answer

    def note(self, status: int) -> None:
        self.ledger.statuses[status] += 1

    def problem(self, what: str, answer: requests.Response) -> None:
        self.ledger.problems.append(f"{what}: {answer.status_code} {answer.text[:200]}")
        self.stopped.wait(PAUSE_SECONDS)


class OrderSystem(Client):
    """Sends order after order; each until it knows that the service has it."""

    def __init__(self, address: str, ledger: Ledger, points: list[int]) -> None:
        super().__init__(address, ledger)
        self._points = itertools.cycle(points)
        self.pause = PAUSE_SECONDS
        self.may_send = threading.Event()
        self.may_send.set()
        self.idle = threading.Event()

    def run(self) -> None:
        while not self.stopped.wait(self.pause):
            if self.may_send.is_set():
                self.idle.clear()
                self._send(new_order(next(self._points)))
            self.idle.set()

    def note(self, status: int) -> None:
        super().note(status)
        self.ledger.order_statuses[status] += 1

    def _send(self, order: dict[str, Any]) -> None:
        order_id = order["id"]
        self.ledger.sent[order_id] = order["point_id"]
        uncertain = False  # whether an answer was lost, so that it may be there already
        while True:
            answer = self.ask("POST", "/create_checks/", json=order)
            if answer is None:
                uncertain = True
                time.sleep(PAUSE_SECONDS)
            elif answer.status_code == 200 or (uncertain and _code(answer) == "order_exists"):
                self.ledger.accepted.add(order_id)
                return
            else:
                self.problem(f"order {order_id}", answer)
                return


class Printer(Client):
    """Polls, downloads, prints and confirms; what it holds is never asked of it twice by itself."""

    def __init__(self, address: str, ledger: Ledger, key: str, pause: float = PAUSE_SECONDS) -> None:
        super().__init__(address, ledger)
        self._headers = {"Authorization": f"Api-Key {key}"}
        self._pause = pause
        self.may_confirm = threading.Event()
        self.may_confirm.set()

    def run(self) -> None:
        while not self.stopped.wait(self._pause):
            answer = self.ask("GET", "/new_checks/", headers=self._headers)
            if answer is None:
                continue
            if answer.status_code != 200:
                self.problem("poll", answer)
                continue
            for listed in answer.json()["checks"]:
                self._print(listed["id"])

    def _print(self, check_id: int) -> None:
        pdf = self._until_done("GET", "/check/", params={"check_id": check_id})
        if not (pdf.content.startswith(b"%PDF") and pdf.content.rstrip().endswith(b"%%EOF")):
            self.problem(f"half a PDF of check {check_id}", pdf)
        self.ledger.papers[check_id] += 1
        if not self.may_confirm.is_set():
            self.ledger.printing.set()
        self.may_confirm.wait()
        self._until_done("POST", "/check/printed/", data={"check_id": check_id})

    def _until_done(self, method: str, path: str, **arguments: Any) -> requests.Response:
        while True:
            answer = self.ask(method, path, headers=self._headers, **arguments)
            if answer is not None and answer.status_code == 200:
                return answer
            if answer is not None:
                self.problem(f"{method} {path} {arguments}", answer)
            time.sleep(PAUSE_SECONDS)


def _code(answer: requests.Response) -> Any:
    return answer.json().get("code") if answer.status_code == 400 else None
