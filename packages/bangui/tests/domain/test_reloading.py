from __future__ import annotations

from bangui.domain.reloading import ReloadPlan


def test_the_jails_of_a_plan_are_those_that_stay_and_those_that_come() -> None:
    assert ReloadPlan("here", ("b", "d"), ("a", "c"), ("z",)).jails == ("a", "b", "c", "d")
