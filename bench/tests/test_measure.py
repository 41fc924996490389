from __future__ import annotations

import pytest

from bench.measure import Case, Entry, Result, Series, measure
from bench.work import Run


def scripted(name: str, log: list[str], commands: int = 1) -> Entry:
    async def run() -> Run:
        log.append(name)
        return Run(1.0, 0.5)

    return Entry(name, run, commands)


async def test_each_round_begins_with_another_contestant() -> None:
    log: list[str] = []
    case = Case("case", (scripted("a", log), scripted("b", log), scripted("c", log)), rounds=3, warm_up=False)

    await measure(case)

    assert "".join(log) == "abc" + "bca" + "cab"


async def test_the_warm_up_is_not_counted() -> None:
    log: list[str] = []

    result = await measure(Case("case", (scripted("a", log),), rounds=2))

    assert len(log) == 3
    assert len(result.find("a").runs) == 2


def test_a_ratio_is_the_median_of_the_ratios_within_the_rounds() -> None:
    ours = Series("ours", 1, [Run(1.0, 0), Run(10.0, 0), Run(1.0, 0)])
    theirs = Series("theirs", 1, [Run(3.0, 0), Run(30.0, 0), Run(50.0, 0)])

    assert Result("case", (ours, theirs)).slowdown("theirs") == pytest.approx(3.0)


def test_a_ratio_is_per_command() -> None:
    ours, theirs = Series("ours", 100, [Run(1.0, 0)]), Series("theirs", 10, [Run(1.0, 0)])

    assert Result("case", (ours, theirs)).slowdown("theirs") == pytest.approx(10.0)


def test_failed_commands_of_all_rounds_are_added() -> None:
    assert Series("ours", 10, [Run(1.0, 0, failed=2), Run(1.0, 0, failed=1)]).failed == 3
