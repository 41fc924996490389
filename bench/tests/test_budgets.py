from __future__ import annotations

import pytest

from bench.budgets import at_least, at_most, own_share
from bench.measure import Result, Series
from bench.work import Run


def result(ours: list[Run], theirs: list[Run]) -> Result:
    return Result("case", (Series("ours", 1, ours), Series("theirs", 1, theirs)))


def test_a_factor_is_met_when_it_is_reached() -> None:
    assert at_least("b", 3, result([Run(1.0, 0)], [Run(3.0, 0)]), "theirs").is_met
    assert not at_least("b", 3, result([Run(1.0, 0)], [Run(2.9, 0)]), "theirs").is_met


def test_a_factor_is_missed_when_one_of_our_commands_failed() -> None:
    verdict = at_least("b", 3, result([Run(1.0, 0, failed=1)], [Run(30.0, 0)]), "theirs")

    assert not verdict.is_met
    assert verdict.measured == "30.0 x, 1 failed"


def test_failures_of_the_others_are_their_own_business() -> None:
    assert at_least("b", 3, result([Run(1.0, 0)], [Run(3.0, 0, failed=5)]), "theirs").is_met


def test_a_limit_is_met_up_to_its_own_value() -> None:
    assert at_most("b", 2, 2).is_met
    assert not at_most("b", 2, 2.01).is_met


def test_our_share_is_processor_time_against_the_time_of_the_daemon_alone() -> None:
    ours = [Run(9.0, 0.2), Run(9.0, 0.3), Run(9.0, 0.9)]

    assert own_share(result(ours, [Run(1.0, 0)] * 3), "theirs") == pytest.approx(0.3)
