"""python -m dev.bench: see script/bench --help."""

import os
import sys
import tempfile
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tqdm import tqdm

from dev.bench.errors import BenchmarkError
from dev.bench.plan import Plan, read_plan
from dev.bench.service import booted, end_on_signals
from dev.server import DevServerError
from dev.server.service import Service

if TYPE_CHECKING:
    from dev.bench.budgets import Figure
    from dev.bench.growth import Size


def main(arguments: Sequence[str]) -> int:
    plan = read_plan(arguments)
    end_on_signals()
    try:
        with booted() as service:
            _set_up_django(service)
            _measure(service, plan)
    except (BenchmarkError, DevServerError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _set_up_django(service: Service) -> None:
    os.environ.update(service.env)
    tempfile.tempdir = None  # TMPDIR is another one now
    import django

    django.setup()


def _measure(service: Service, plan: Plan) -> None:
    if plan.worker:
        from dev.bench.workers import compare_workers

        _print(compare_workers(service))
    elif plan.serving:
        from dev.bench.serving import compare_servers

        _print(compare_servers(service, plan))
    else:
        _measure_budgets(service, plan)


def _measure_budgets(service: Service, plan: Plan) -> None:
    from dev.bench.growth import measure_growth
    from dev.bench.report import growth_figures, report
    from dev.bench.rows import MEASUREMENTS

    figures: list[Figure] = []
    sizes: list[Size] = []
    service.start_web()
    steps = len(plan.rows) + ("growth" in plan.rows) * 2 * len(plan.sizes)
    with tqdm(total=steps, unit="step", leave=False) as bar:

        def step(name: str) -> None:
            bar.set_description(name)
            bar.update()

        for row in plan.rows:
            step(row)
            if row == "growth":
                sizes = measure_growth(service, plan, step)
                figures += growth_figures(sizes)
            else:
                figures.append(MEASUREMENTS[row](service, plan))
    report(figures, sizes, plan)


def _print(text: str) -> None:
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
