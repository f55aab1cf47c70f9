"""What the machines behind the service do: render, and sweep as time passes."""

from datetime import timedelta
from uuid import UUID, uuid4

from hypothesis import strategies as st
from hypothesis.stateful import rule
from rq.job import Job

from checks.jobs.render import render as run_render
from checks.jobs.sweep import sweep
from checks.rendering.errors import RenderError
from tests.integration.checks.state_machine.base import Machine, job_of, numbers, with_checks
from tests.integration.checks.state_machine.model import OVERDUE, render_together
from tests.integration.checks.state_machine.world import JOBS

outcomes = st.sampled_from(["works", "works", "works", "works", "transient", "permanent"])
# The clock is set back now and then.
seconds = st.sampled_from([1, 29, 30, 60, 119, 120, 121, 3600, -45])


class Workers(Machine):
    @with_checks
    @rule(number=numbers, outcome=outcomes)
    def work(self, number: int | str, outcome: str) -> None:
        """Take the next job off the queue; where there is none, render as a job that was delivered twice."""
        if self.jobs:
            self.work_off_one(outcome)
        else:
            paper = self.paper(number)
            self._render(paper.order_id, paper.type, str(uuid4()), outcome=outcome)

    def work_off_one(self, outcome: str) -> None:
        """A job that fails is gone: the sweeper minds it."""
        job_id = self.world.redis.lpop(JOBS).decode()
        job = Job.fetch(job_id, connection=self.world.redis)
        self.jobs.remove(job_id)

        self._render(*job.args, outcome=outcome)

        job.delete()

    def _render(self, order_id: int, check_type: str, request: str, *, outcome: str) -> None:
        renderer = self.world.renderer
        calls = renderer.calls
        papers = self.of_order(order_id, check_type)
        came = render_together(papers, renderer.document(calls + 1), outcome, self.world.now)
        renderer.shall(outcome)

        failed = False
        try:
            run_render(order_id, check_type, str(UUID(request)))
        except RenderError:
            failed = True

        assert failed == (came == "failed")
        assert renderer.calls - calls == (1 if came in {"fresh", "failed"} else 0)

    @rule(passed=seconds, sweeps=st.booleans())
    def let_time_pass(self, passed: int, sweeps: bool) -> None:
        self.world.now += timedelta(seconds=passed)
        if sweeps:
            self._sweep()

    def _sweep(self) -> None:
        for paper in self.papers:
            paper.end_lease(self.world.now)
        last = self.world.now - OVERDUE
        overdue = [paper for paper in self.papers if paper.status == "new" and paper.since <= last]
        self.jobs |= {job_of(paper) for paper in overdue}

        sweep()
