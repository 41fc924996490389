"""Large replies: who is banned, in jails of a hundred to a hundred thousand bans."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

from bench.budgets import at_most, own_share
from bench.contestants import Contestants
from bench.jails import jail_of
from bench.measure import Case, Entry, entry, measure
from bench.setting import Finding, Setting
from bench.work import Work

_SIZES = (100, 10_000, 100_000)
# Replies that take the daemon a fraction of a millisecond are asked for several times in one run.
_BANS_PER_RUN = 5_000


async def measure_replies(setting: Setting) -> AsyncIterator[Finding]:
    """Measure a jail's status, and its bans with their times, as typed values."""
    contestants, effort = setting.contestants, setting.effort
    for size in _SIZES:
        jail = await jail_of(contestants.ours.client, size)
        rounds = effort.long_rounds if size == max(_SIZES) else effort.rounds
        handle = contestants.ours.client.jail(jail)
        work = Work(("status", jail), max(1, _BANS_PER_RUN // size))
        yield await measure(_case(f"`status JAIL`, {size:,} bans", contestants, work, handle.status, rounds))
        work = Work(("get", jail, "banip", "--with-time"), work.count)
        result = await measure(_case(f"bans with times, {size:,} bans", contestants, work, handle.bans, rounds))
        yield result
        if size == max(_SIZES):
            share = own_share(result, contestants.raw.name)
            yield at_most(f"reply of {size:,} bans to typed values, against the daemon's own time", 1 / 3, share)


def _case(
    title: str, contestants: Contestants, work: Work, typed: Callable[[], Awaitable[object]], rounds: int
) -> Case:
    ours = contestants.ours
    # Of the thread pools only the patient one: for a single large reply the other does exactly the same.
    others = (contestants.patient_pool, contestants.stock_class, contestants.raw)
    entries = (
        Entry(f"{ours.name}, typed", lambda: ours.repeat(typed, work.count), work.count),
        *(entry(one, work) for one in others),
        entry(contestants.stock_program, Work(work.command)),
    )
    return Case(title, entries, rounds)
