"""RQ's pool of workers with a main loop of its own, so that it stops at once.

RQ 3.0's loop (WorkerPool.start) sleeps for a second at a time, and sleeps on after a signal. A worker that it
forks has the pool's signal handlers for a moment. A signal at that moment is lost, and the worker does not
stop. Here the pool blocks signals and waits for them; a worker unblocks them once it has its own handlers.

On upgrade: does WorkerPool.start return as soon as the last worker has ended, and does a forked worker reset
its handlers first? Then RQ's own pool (`manage.py rqworker-pool`) is enough.
"""

import signal

from rq.worker_pool import WorkerPool

STOP = {signal.SIGINT, signal.SIGTERM}
SECONDS_BETWEEN_CHECKS = 1.0


class PromptPool(WorkerPool):
    """Keeps a number of workers running until SIGINT or SIGTERM."""

    def run(self) -> None:
        """Return when a signal has come and the last worker has ended."""
        signal.pthread_sigmask(signal.SIG_BLOCK, {*STOP, signal.SIGCHLD})
        stopping = False
        while self.worker_dict or not stopping:
            if not stopping:
                self._replace_missing()
            awaited = {*STOP, signal.SIGCHLD} if stopping else STOP
            received = signal.sigtimedwait(awaited, SECONDS_BETWEEN_CHECKS)
            if received and received.si_signo in STOP:
                stopping = True
                self.stop_workers()  # type: ignore[no-untyped-call]
            self.reap_workers()

    def reap_workers(self) -> None:
        """Forget the workers that have ended; RQ 3.0 waits a tenth of a second for each of the others."""
        for worker in list(self.worker_dict.values()):
            if not worker.process.is_alive():
                self.handle_dead_worker(worker)

    def _replace_missing(self) -> None:
        for _ in range(self.num_workers - len(self.worker_dict)):
            self.start_worker(burst=False, logging_level="WARNING")
