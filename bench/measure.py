"""Interleaved rounds: in each round every contestant does its work once, so that a disturbance hits all alike.

The order rotates from round to round, because whoever runs first finds the daemon in a different state. A ratio is
the median of the ratios within each round, never the ratio of two numbers from different moments.
"""

from __future__ import annotations

import gc
import statistics
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bench.work import Contestant, Run, Work


@dataclass(frozen=True, slots=True)
class Entry:
    """One contestant in one case: `run` does the whole work once, `commands` says how many commands that is."""

    name: str
    run: Callable[[], Awaitable[Run]]
    commands: int = 1


@dataclass(frozen=True, slots=True)
class Case:
    """The same task for several contestants. The first entry is the one the others are compared with."""

    title: str
    entries: tuple[Entry, ...]
    rounds: int
    warm_up: bool = True


@dataclass(frozen=True, slots=True)
class Series:
    """All measured runs of one contestant in one case, in the order of the rounds."""

    name: str
    commands: int
    runs: list[Run] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        """The median time of one run."""
        return statistics.median(run.seconds for run in self.runs)

    @property
    def cpu_seconds(self) -> float:
        """The median processor time of the client's side in one run."""
        return statistics.median(run.cpu_seconds for run in self.runs)

    @property
    def spread(self) -> tuple[float, float]:
        """The fastest and the slowest run."""
        times = [run.seconds for run in self.runs]
        return min(times), max(times)

    @property
    def failed(self) -> int:
        """How many commands of all rounds failed."""
        return sum(run.failed for run in self.runs)


@dataclass(frozen=True, slots=True)
class Result:
    """One case, measured."""

    title: str
    series: tuple[Series, ...]

    def find(self, name: str) -> Series:
        """Return the series of one contestant."""
        return next(series for series in self.series if series.name == name)

    def slowdown(self, name: str) -> float:
        """How many times longer a command of the named contestant takes than one of the first: median over rounds."""
        first, other = self.series[0], self.find(name)
        return statistics.median(
            (theirs.seconds / other.commands) / (ours.seconds / first.commands)
            for theirs, ours in zip(other.runs, first.runs, strict=True)
        )


def entry(contestant: Contestant, work: Work) -> Entry:
    """Return the entry of a contestant that does `work` as it stands."""
    return Entry(contestant.name, lambda: contestant.run(work), work.count)


async def measure(case: Case) -> Result:
    """Run all rounds of a case."""
    result = Result(case.title, tuple(Series(entry.name, entry.commands) for entry in case.entries))
    if case.warm_up:
        for warmed in case.entries:
            await warmed.run()
    pairs = list(zip(case.entries, result.series, strict=True))
    for number in range(case.rounds):
        start = number % len(pairs)
        for contestant, series in pairs[start:] + pairs[:start]:
            # Garbage of one contestant must not be collected on the time of the next.
            gc.collect()
            series.runs.append(await contestant.run())
    return result
