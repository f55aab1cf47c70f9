"""The command line of script/bench…"""

import pytest

from dev.bench.plan import Plan, read_plan


def test_it_measures_everything() -> None:
    assert read_plan([]) == Plan()


def test_it_measures_less_when_there_is_no_time() -> None:
    plan = read_plan(["--quick"])
    assert plan.sizes == (1_000, 10_000)
    assert plan.seconds < Plan().seconds
    assert not plan.chart


def test_it_takes_rows_in_their_own_order() -> None:
    plan = read_plan(["--rows", "create,poll"])
    assert plan.rows == ("poll", "create")
    assert not plan.chart


def test_it_takes_sizes_from_the_smallest() -> None:
    assert read_plan(["--sizes", "10_000,1000"]).sizes == (1_000, 10_000)


@pytest.mark.parametrize("arguments", [["--rows", "nothing"], ["--sizes", "10"], ["--sizes", "many"]])
def test_it_refuses_what_it_does_not_know(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        read_plan(arguments)
    assert ended.value.code == 2
