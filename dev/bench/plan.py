"""How much is measured."""

from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import dataclass

ROWS = ("poll", "create", "latency", "sustained", "export", "growth")


@dataclass(frozen=True)
class Plan:
    rows: tuple[str, ...] = ROWS
    sizes: tuple[int, ...] = (1_000, 10_000, 100_000, 1_000_000)
    seconds: float = 10.0
    growth_seconds: float = 5.0
    latency_orders: int = 100
    sustained_orders: int = 1_000
    exported_events: int = 1_000_000
    chart: bool = True
    json: str = ""
    worker: bool = False
    serving: bool = False


def read_plan(arguments: Sequence[str]) -> Plan:
    """Read the command line; ends the program with 2 for a wrong one."""
    parser = ArgumentParser(prog="script/bench", add_help=True)
    parser.add_argument("--quick", action="store_true", help="about two minutes")
    parser.add_argument("--rows", type=_rows, default=ROWS, help=f"only these, of {','.join(ROWS)}")
    parser.add_argument("--sizes", type=_sizes, help="numbers of checks, such as 1000,10000")
    parser.add_argument("--json", default="", metavar="FILE", help="the figures as JSON; - for stdout")
    parser.add_argument("--chart", action="store_true", help="draw docs/performance.svg")
    parser.add_argument("--worker", action="store_true", help="instead: kinds of workers")
    parser.add_argument("--serving", action="store_true", help="instead: kinds of web servers")
    given = parser.parse_args(arguments)
    whole = not given.quick and given.rows == ROWS and given.sizes is None
    quick = Plan(
        sizes=(1_000, 10_000),
        seconds=4.0,
        growth_seconds=2.0,
        latency_orders=30,
        sustained_orders=200,
        exported_events=40_000,
    )
    basis = quick if given.quick else Plan()
    return Plan(
        rows=given.rows,
        sizes=given.sizes or basis.sizes,
        seconds=basis.seconds,
        growth_seconds=basis.growth_seconds,
        latency_orders=basis.latency_orders,
        sustained_orders=basis.sustained_orders,
        exported_events=basis.exported_events,
        chart=given.chart or whole,
        json=given.json,
        worker=given.worker,
        serving=given.serving,
    )


def _rows(text: str) -> tuple[str, ...]:
    wanted = set(text.split(","))
    if not wanted <= set(ROWS):
        raise ValueError
    return tuple(row for row in ROWS if row in wanted)


def _sizes(text: str) -> tuple[int, ...]:
    sizes = tuple(sorted({int(size.replace("_", "")) for size in text.split(",")}))
    if not all(size >= 1000 and size % 2 == 0 for size in sizes):
        raise ValueError
    return sizes
