"""The results as tables: aligned for a terminal, and as Markdown for the documentation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bench.budgets import Verdict
from bench.measure import Result, Series
from bench.timings import Timing, Timings, percentile

Table = Sequence[Sequence[str]]

_RESULT_HEADER = ("", "median", "fastest - slowest", "a second", "time against ours", "client's CPU", "failed")
_TIMINGS_HEADER = ("", "median", "95 of 100", "slowest", "95 of 100, cold disk", "95 of 100 in yardsticks")
_VERDICT_HEADER = ("budget", "limit", "measured", "")


def result_table(result: Result) -> Table:
    """Return the table of one case: a header, then a line for each contestant."""
    return [_RESULT_HEADER, *(_result_line(result, series) for series in result.series)]


def timings_table(timings: Timings) -> Table:
    """Return the table of several kinds of questions: a header, then a line for each kind."""
    return [_TIMINGS_HEADER, *(_timing_line(timing, timings.yardstick) for timing in timings.timings)]


def finding_table(finding: Result | Timings) -> Table:
    """Return the table of what was measured."""
    return result_table(finding) if isinstance(finding, Result) else timings_table(finding)


def verdict_table(verdicts: Iterable[Verdict]) -> Table:
    """Return the table of all budgets."""
    lines = [(one.budget, one.limit, one.measured, "met" if one.is_met else "MISSED") for one in verdicts]
    return [_VERDICT_HEADER, *lines]


def as_text(table: Table) -> str:
    """Return a table with aligned columns: the first to the left, numbers to the right."""
    widths = [max(len(cell) for cell in column) for column in zip(*table, strict=True)]
    return "\n".join("  ".join(_aligned(line, widths)).rstrip() for line in table)


def as_markdown(table: Table) -> str:
    """Return a table as Markdown."""
    header, *lines = table
    rule = ["---", *("---:" for _ in header[1:])]
    return "\n".join("| " + " | ".join(line) + " |" for line in (header, rule, *lines))


def duration(seconds: float) -> str:
    """Return a time in the unit that suits it, with three digits."""
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{_three_digits(seconds / size)} {unit}"
    return f"{_three_digits(seconds / 1e-6)} µs"


def _result_line(result: Result, series: Series) -> tuple[str, ...]:
    low, high = series.spread
    slowdown = result.slowdown(series.name)
    return (
        series.name,
        duration(series.seconds),
        f"{duration(low)} - {duration(high)}",
        f"{series.commands / series.seconds:,.0f}" if series.commands > 1 else "",
        "" if series is result.series[0] else f"{_three_digits(slowdown)} x",
        duration(series.cpu_seconds),
        str(series.failed) if series.failed else "none",
    )


def _timing_line(timing: Timing, yardstick: float) -> tuple[str, ...]:
    slow = percentile(timing.warm, 0.95)
    return (
        timing.name,
        duration(percentile(timing.warm, 0.5)),
        duration(slow),
        duration(max(timing.warm)),
        duration(percentile(timing.cold, 0.95)) if timing.cold else "",
        _three_digits(slow / yardstick),
    )


def _three_digits(number: float) -> str:
    decimals = 0 if number >= 100 else 1 if number >= 10 else 2
    return f"{number:,.{decimals}f}"


def _aligned(line: Sequence[str], widths: Sequence[int]) -> list[str]:
    return [
        cell.ljust(width) if number == 0 else cell.rjust(width)
        for number, (cell, width) in enumerate(zip(line, widths, strict=True))
    ]
