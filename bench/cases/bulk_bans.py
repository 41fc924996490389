"""Thousands of bans in one go, each time in a new jail without actions."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Awaitable, Callable

from bench.contestants import Contestants
from bench.jails import add_jail, addresses, remove_jail
from bench.measure import Case, Entry, measure
from bench.setting import Finding, Setting
from bench.work import Contestant, Run, Work

_BANS = 10_000


class _FreshJail:
    """Gives each run a jail of its own; making and removing it is not measured."""

    def __init__(self, contestants: Contestants) -> None:
        self._client = contestants.ours.client
        self._numbers = itertools.count(1)

    def entry(self, name: str, run: Callable[[str], Awaitable[Run]], bans: int) -> Entry:
        async def in_fresh_jail() -> Run:
            jail = f"bulk-{next(self._numbers)}"
            await add_jail(self._client, jail)
            try:
                return await run(jail)
            finally:
                await remove_jail(self._client, jail)

        return Entry(name, in_fresh_jail, bans)


async def measure_bulk_bans(setting: Setting) -> AsyncIterator[Finding]:
    """Measure ten thousand bans: ours in slices that let others in between, the rest in their own ways."""
    yield await measure(_case(setting.contestants, setting.effort.long_rounds))


def _case(contestants: Contestants, rounds: int) -> Case:
    ours, ids = contestants.ours, list(addresses(_BANS))
    jail = _FreshJail(contestants)

    async def typed(name: str) -> Run:
        return await ours.repeat(lambda: ours.client.jail(name).ban(ids))

    async def one_by_one(name: str) -> Run:
        return await contestants.patient_pool.burst([("set", name, "banip", id) for id in ids])

    def all_in_one(contestant: Contestant) -> Callable[[str], Awaitable[Run]]:
        return lambda name: contestant.run(Work(("set", name, "banip", *ids)))

    return Case(
        f"{_BANS:,} bans in one go",
        (
            jail.entry(f"{ours.name}, typed, in slices", typed, len(ids)),
            jail.entry(f"{contestants.patient_pool.name}, a command each", one_by_one, len(ids)),
            *(
                jail.entry(f"{one.name}, one command", all_in_one(one), len(ids))
                for one in (contestants.stock_class, contestants.stock_program)
            ),
        ),
        rounds,
        warm_up=False,
    )
