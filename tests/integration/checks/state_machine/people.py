"""What is done at a point and by those who help out: printers download and report, staff mend and erase."""

from collections.abc import Callable
from functools import partial
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from checks import services
from checks.services.reprint import Reprinter
from tests.integration.checks.state_machine.base import Machine, commits, job_of, numbers, with_checks
from tests.integration.checks.state_machine.model import PRINTERS, Paper
from tests.integration.checks.state_machine.world import code_of

# How each verb of a printer is said to the service, and what goes with it.
VISITS: dict[str, tuple[Callable[..., Any], dict[str, str]]] = {
    "download": (services.download_check, {}),
    "confirm": (services.confirm_print, {}),
    "report_failure": (services.report_failure, {"reason": "no paper"}),
}
REPORTS = {"confirm": "/check/printed/", "report_failure": "/check/failed/"}
HELP: dict[str, tuple[Callable[..., Any], dict[str, str]]] = {
    "retry": (services.retry_check, {"reason": "again"}),
    "mark_printed": (services.mark_printed, {}),
    "mark_failed": (services.mark_failed, {"reason": "cancelled"}),
}
verbs = st.sampled_from(["download", "download", "confirm", "confirm", "report_failure"])
visitors = st.sampled_from(["own"] * 12 + sorted(PRINTERS))
help_verbs = st.sampled_from(["retry", "reprint", "reprint", "mark_printed", "mark_failed", "erase"])
copies = st.sampled_from(["works", "works", "works", "transient", "permanent"])


visiting = {"number": numbers, "visitor": visitors, "verb": verbs, "by_call": st.booleans()}
helping = {"number": numbers, "verb": help_verbs, "outcome": copies}


class People(Machine):
    @with_checks
    @rule(**visiting)
    def visit(self, number: int | str, visitor: str, verb: str, by_call: bool) -> None:
        """A printer comes for a check: mostly its own one."""
        paper = self.paper(number)
        key = paper.key if visitor == "own" else visitor
        expected = getattr(paper, verb)(self.world.now) if key == paper.key else "check_not_found"
        if by_call:
            self._call(paper, key, verb, expected)
        else:
            service, arguments = VISITS[verb]
            act = partial(service, printer=self.world.printers[key], check_id=paper.id, **arguments)
            assert code_of(partial(act, now=self.world.now)) == expected

    @with_checks
    @rule(**visiting)
    def visit_again(self, number: int | str, visitor: str, verb: str, by_call: bool) -> None:
        """Twice among the rules, so that few runs are without it."""
        self.visit(number, visitor, verb, by_call)

    def _call(self, paper: Paper, key: str, verb: str, expected: str) -> None:
        sent = {"api_key": key, "check_id": paper.id, **VISITS[verb][1]}
        if verb == "download":
            code, document = self.world.get("/check/", **sent)
            assert code or document == paper.document
        else:
            code, _ = self.world.post(REPORTS[verb], sent)
        assert code == expected

    @rule(key=st.sampled_from(sorted(PRINTERS)))
    def poll(self, key: str) -> None:
        code, answer = self.world.get("/new_checks/", api_key=key)

        assert not code
        listed = [paper.id for paper in self.papers if paper.key == key and paper.is_listed]
        assert [check["id"] for check in answer["checks"]] == listed

    @with_checks
    @rule(**helping)
    def help_out_again(self, number: int | str, verb: str, outcome: str) -> None:
        """Twice among the rules, so that few runs are without it."""
        self.help_out(number, verb, outcome)

    @with_checks
    @rule(**helping)
    def help_out(self, number: int | str, verb: str, outcome: str) -> None:
        """`outcome` is that of the copy's rendering, where there is one."""
        paper = self.paper(number)
        if verb == "erase":
            self._erase(paper.order_id)
            return
        if verb == "reprint":
            self._reprint(paper, outcome)
            return
        service, arguments = HELP[verb]
        expected = getattr(paper, verb)(self.world.now)
        act = partial(service, check_id=paper.id, actor=self.world.staff, now=self.world.now, **arguments)

        with commits():
            assert code_of(act) == expected

        if verb == "retry" and not expected:
            self.jobs.add(job_of(paper))

    def _reprint(self, paper: Paper, outcome: str) -> None:
        renderer = self.world.renderer
        copy = renderer.document(renderer.calls + 1) if outcome == "works" else None
        expected = paper.reprint(self.world.now, copy)
        renderer.shall(outcome)
        again = Reprinter(renderer)
        who = {"actor": self.world.staff, "now": self.world.now}

        assert code_of(partial(again.reprint, check_id=paper.id, reason="wet", **who)) == expected

    def _erase(self, order_id: int) -> None:
        papers = self.of_order(order_id)
        is_open = any(paper.status in {"new", "rendered"} for paper in papers)
        act = partial(services.erase_order, order_id=order_id, actor=self.world.staff, now=self.world.now)

        with commits():
            assert code_of(act) == ("order_open" if is_open else "")

        if not is_open:
            for paper in papers:
                paper.erase(self.world.now)
            assert not self.world.pdfs(order_id)
