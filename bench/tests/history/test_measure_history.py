from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bench.budgets import Verdict
from bench.cases.history import measure_history
from bench.effort import QUICK
from bench.timings import Timings

TINY = replace(
    QUICK, history_events=3_000, history_questions=5, history_cold_questions=1, history_recorded=2_000, rounds=1
)


async def test_questions_room_and_rate_are_measured_and_judged(tmp_path: Path) -> None:
    findings = [finding async for finding in measure_history(TINY, tmp_path)]

    (timings,) = [one for one in findings if isinstance(one, Timings)]
    assert all(len(timing.warm) == 5 and len(timing.cold) == 1 for timing in timings.timings)
    budgets = {one.budget: one for one in findings if isinstance(one, Verdict)}
    assert sum(budget.startswith("3,000 events: ") for budget in budgets) == 5
    assert any(budget.startswith("bytes of an event") for budget in budgets)
    assert any(budget.startswith("events a second") for budget in budgets)
    # Of the copy that the writer worked on nothing is left.
    assert {file.suffix for file in tmp_path.iterdir()} <= {".sqlite3", ".later", ".sqlite3-shm", ".sqlite3-wal"}
