"""How much is measured: enough to trust the medians, or a short look."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Effort:
    """Sizes and repetitions; `rounds` for what takes milliseconds, `long_rounds` for what takes seconds."""

    rounds: int
    long_rounds: int
    pings: int
    program_starts: int
    soak_commands: int
    history_events: int
    history_questions: int
    history_cold_questions: int
    history_recorded: int


FULL = Effort(
    rounds=15,
    long_rounds=7,
    pings=2000,
    program_starts=30,
    soak_commands=1_000_000,
    history_events=10_000_000,
    history_questions=300,
    history_cold_questions=15,
    history_recorded=300_000,
)
QUICK = Effort(
    rounds=5,
    long_rounds=3,
    pings=500,
    program_starts=10,
    soak_commands=100_000,
    history_events=1_000_000,
    history_questions=100,
    history_cold_questions=5,
    history_recorded=100_000,
)
