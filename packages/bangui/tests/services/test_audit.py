"""The audit trail: read in pages, exported as a whole, and kept within bounds."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bangui.domain.access_errors import AccessUnavailable
from bangui.domain.audit import AuditFilter
from bangui.services.audit import AuditRules, AuditTrail
from packages.bangui.tests.access import NOW, Console, an_entry


async def fill(console: Console, count: int) -> None:
    for number in range(count):
        await console.trail.record(an_entry(f"{number}", NOW + number * 1000))


async def test_what_is_recorded_can_be_read(console: Console) -> None:
    await fill(console, 3)
    page = await console.trail.page(AuditFilter(), 2)
    assert [recorded.entry.target for recorded in page.entries] == ["2", "1"]
    rest = await console.trail.page(AuditFilter(), 2, page.next)
    assert [recorded.entry.target for recorded in rest.entries] == ["0"]
    assert rest.next is None


async def test_everything_is_exported_once(console: Console) -> None:
    await fill(console, 1_100)
    exported = [recorded.entry.target async for recorded in console.trail.export(AuditFilter())]
    assert exported == [f"{number}" for number in reversed(range(1_100))]


async def test_what_is_too_old_or_too_much_is_forgotten(console: Console) -> None:
    await fill(console, 50)
    trail = AuditTrail(console.store, rules=AuditRules(keep=40, most=1_000), now=lambda: NOW + 50_000)
    assert await trail.prune() == 10
    assert await trail.prune() == 0
    few = AuditTrail(console.store, rules=AuditRules(most=7), now=console.clock)
    assert await few.prune() == 33
    assert [entry.target for entry in console.entries()] == [f"{number}" for number in range(43, 50)]


async def test_without_the_database_nothing_is_recorded_silently(lost_console: Console) -> None:
    with pytest.raises(AccessUnavailable):
        await lost_console.trail.record(replace(an_entry(), target="x"))


async def test_what_is_too_much_is_forgotten_for_as_long_as_somebody_keeps_it(console: Console) -> None:
    few = AuditTrail(console.store, rules=AuditRules(most=2), now=console.clock)
    keeping = asyncio.create_task(few.keep_within_bounds(0.01))
    async with asyncio.timeout(20):
        for _ in range(2):
            await fill(console, 5)
            while len((await few.page(AuditFilter())).entries) != 2:
                await asyncio.sleep(0.01)
    keeping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await keeping


async def test_a_trail_that_is_out_of_reach_is_tried_again(
    lost_console: Console, caplog: pytest.LogCaptureFixture
) -> None:
    keeping = asyncio.create_task(lost_console.trail.keep_within_bounds(0.001))
    async with asyncio.timeout(20):
        while len(caplog.records) < 3:
            await asyncio.sleep(0.01)
    keeping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await keeping
