from __future__ import annotations

import pytest

from bench.budgets import Verdict
from bench.measure import Result, Series
from bench.report import as_markdown, as_text, duration, finding_table, result_table, verdict_table
from bench.timings import Timing, Timings
from bench.work import Run


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(1.234, "1.23 s"), (12.34, "12.3 s"), (0.1234, "123 ms"), (0.0012, "1.20 ms"), (0.0000456, "45.6 µs")],
)
def test_a_time_has_three_digits_in_its_own_unit(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_a_case_has_a_line_for_each_contestant() -> None:
    ours = Series("ours", 100, [Run(0.1, 0.05), Run(0.3, 0.05)])
    theirs = Series("theirs", 1, [Run(0.2, 0.1, failed=1), Run(0.6, 0.1)])

    _, first, second = result_table(Result("case", (ours, theirs)))

    assert first == ("ours", "200 ms", "100 ms - 300 ms", "500", "", "50.0 ms", "none")
    assert second == ("theirs", "400 ms", "200 ms - 600 ms", "", "200 x", "100 ms", "1")


def test_questions_have_a_line_for_each_kind() -> None:
    kinds = (Timing("easy", [0.001, 0.002], [0.1]), Timing("hard", [0.5]))

    _, easy, hard = finding_table(Timings("questions", kinds, yardstick=0.1))

    assert easy == ("easy", "1.00 ms", "2.00 ms", "2.00 ms", "100 ms", "0.02")
    assert hard == ("hard", "500 ms", "500 ms", "500 ms", "", "5.00")


def test_a_missed_budget_cannot_be_overlooked() -> None:
    table = verdict_table([Verdict("one", "at most 1", "1", True), Verdict("two", "at most 1", "2", False)])

    assert [line[-1] for line in table] == ["", "met", "MISSED"]


def test_text_has_aligned_columns() -> None:
    assert as_text([("", "n"), ("abc", "1"), ("d", "10")]) == "      n\nabc   1\nd    10"


def test_markdown_has_numbers_to_the_right() -> None:
    assert as_markdown([("", "n"), ("abc", "1")]) == "|  | n |\n| --- | ---: |\n| abc | 1 |"
