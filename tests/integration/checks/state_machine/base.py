"""What all rules stand on: the papers of the model, beside the world that they are compared with."""

import sys
from typing import Any

from django.test import TestCase
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition

from checks.models import Check
from checks.services import render_queue as queue
from tests.integration.checks.state_machine.books import the_books_agree
from tests.integration.checks.state_machine.model import Paper
from tests.integration.checks.state_machine.world import World

ORDER_IDS = [1, 2, 3]
order_ids = st.sampled_from(ORDER_IDS)
# Mostly the check of the last step: what is interesting happens to one check again and again.
numbers = st.sampled_from(["same", "same", "same", *range(4)])
with_checks = precondition(lambda machine: machine.papers)


class Machine(RuleBasedStateMachine):
    """One run, which ends with all books compared and everything undone.

    There are few rules, with their choices inside: hypothesis leaves out some of the rules in most runs, and
    a check gets far only where none is missing.
    """

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world
        self.papers: list[Paper] = []
        self.last = 0
        self.jobs: set[str] = set()
        self.answers: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {}
        world.begin()

    def teardown(self) -> None:
        try:
            if sys.exc_info()[0] is None:  # else the books of an interrupted step would hide its failure
                the_books_agree(self.papers)
        finally:
            self.world.end()

    @invariant()
    def the_tables_say_what_the_model_says(self) -> None:
        columns = ("id", "status", "version", "lease_expires_at", "status_changed_at")
        rows = Check.objects.filter(order_id__in=ORDER_IDS).order_by("id").values_list(*columns)
        assert list(rows) == [
            (paper.id, paper.status, len(paper.events), paper.lease, paper.since) for paper in self.papers
        ]

    @invariant()
    def the_queue_holds_what_the_model_says(self) -> None:
        assert self.world.queued() == self.jobs

    def paper(self, number: int | str) -> Paper:
        self.last = number % len(self.papers) if isinstance(number, int) else self.last
        return self.papers[self.last]

    def of_order(self, order_id: int, check_type: str = "") -> list[Paper]:
        return [
            paper for paper in self.papers if paper.order_id == order_id and check_type in {"", paper.type}
        ]


def job_of(paper: Paper) -> str:
    return queue.render_job_id(paper.order_id, paper.type)


def commits() -> Any:
    """Run what waits for a commit, although the run's transaction never commits."""
    return TestCase.captureOnCommitCallbacks(execute=True)
