"""The promises that a run is held to; `docs/benchmarks.md` shows them with what was measured."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from bench.measure import Result


@dataclass(frozen=True, slots=True)
class Verdict:
    """One promise, its limit and what was measured, in words; and whether it was kept."""

    budget: str
    limit: str
    measured: str
    is_met: bool


def at_least(budget: str, factor: float, result: Result, than: str) -> Verdict:
    """Judge how many times faster the first contestant of a case is than another; none of its commands may fail."""
    measured, failed = result.slowdown(than), result.series[0].failed
    words = f"{measured:.1f} x" + (f", {failed} failed" if failed else "")
    return Verdict(budget, f"at least {factor:g} x", words, measured >= factor and not failed)


def at_most(budget: str, limit: float, measured: float, unit: str = "") -> Verdict:
    """Judge a number that must not exceed its limit."""
    return Verdict(budget, f"at most {limit:.3g}{unit}", f"{measured:.3g}{unit}", measured <= limit)


def own_share(result: Result, daemon: str) -> float:
    """Return the client's own work (processor time) as a share of the time that the daemon alone takes."""
    ours, alone = result.series[0], result.find(daemon)
    return median(mine.cpu_seconds / whole.seconds for mine, whole in zip(ours.runs, alone.runs, strict=True))
