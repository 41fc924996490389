from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bangui.domain.history import Batch, EventKind, Recorded
from bangui.domain.history_ports import Progress, Retention, StoreError, StoreTrouble
from bangui.services.caretaker import Caretaker, CaretakerPace

RETENTION = Retention({EventKind.FAILURE: 86_400}, 1_000_000)
QUICK = CaretakerPace(interval=0.01, rest=0.0, batch=10)


@dataclass
class OldHistory:
    """Holds so many events that are too old."""

    left: int
    errors: list[StoreError] = field(default_factory=list)
    asked: list[tuple[Retention, int, int]] = field(default_factory=list)

    def prune(self, retention: Retention, now: int, at_most: int = 2_000) -> int:
        self.asked.append((retention, now, at_most))
        if self.errors:
            raise self.errors.pop()
        count = min(self.left, at_most)
        self.left -= count
        return count

    def record(self, batch: Batch) -> Recorded:
        return Recorded()

    def cursor(self, host: str, source: str) -> str | None:
        return None

    def back_up(self, target: Path) -> int:
        return 0

    def restore(self, source: Path, progress: Progress) -> int:
        return 0


async def test_what_is_too_old_is_forgotten_in_batches_until_nothing_is_left() -> None:
    history = OldHistory(25)
    forgotten = await Caretaker(history, lambda: RETENTION, pace=QUICK, now=lambda: 5.0).forget()
    assert (forgotten, history.left) == (25, 0)
    assert history.asked == [(RETENTION, 5000, 10)] * 3


async def test_it_looks_again_and_again(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    trouble = StoreError("the history is busy", trouble=StoreTrouble.BUSY)
    history = OldHistory(5, errors=[trouble])
    task = asyncio.create_task(Caretaker(history, lambda: RETENTION, pace=QUICK).run())
    async with asyncio.timeout(10):
        while history.left or len(history.asked) < 3:
            await asyncio.sleep(0.005)
    history.left = 1
    async with asyncio.timeout(10):
        while history.left:
            await asyncio.sleep(0.005)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert {"nothing_forgotten", "events_forgotten"} <= set(caplog.messages)
