"""The smallest command there is: what a connection, a thread and a process cost."""

from __future__ import annotations

from collections.abc import AsyncIterator

from bench.budgets import at_least
from bench.contestants import Contestants
from bench.effort import Effort
from bench.measure import Case, entry, measure
from bench.setting import Finding, Setting
from bench.work import Work

# More processes at once than this measure the machine's patience and nothing else.
_MOST_PROCESSES = 10


async def measure_pings(setting: Setting) -> AsyncIterator[Finding]:
    """Measure pings one after another, then ever more at once."""
    pool = setting.contestants.pool.name
    result = await measure(_in_a_row(setting.contestants, setting.effort))
    yield result
    yield at_least("pings one after another, against the thread pool", 3, result, pool)
    for count in (10, 100, 1000):
        result = await measure(_at_once(setting.contestants, setting.effort, count))
        yield result
    yield at_least("1,000 pings at once, against the thread pool", 10, result, pool)


def _in_a_row(contestants: Contestants, effort: Effort) -> Case:
    entries = [entry(one, Work(("ping",), effort.pings)) for one in contestants.in_process]
    entries.append(entry(contestants.stock_program, Work(("ping",), _MOST_PROCESSES)))
    return Case(f"ping, {effort.pings:,} one after another", tuple(entries), effort.rounds)


def _at_once(contestants: Contestants, effort: Effort, count: int) -> Case:
    work = Work(("ping",), count, at_once=True)
    entries = [entry(one, work) for one in contestants.in_process]
    if count <= _MOST_PROCESSES:
        entries.append(entry(contestants.stock_program, work))
    return Case(f"ping, {count:,} at once", tuple(entries), effort.rounds)
