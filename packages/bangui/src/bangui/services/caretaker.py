"""Forgets what the history shall not keep any longer: a little at a time, so that nobody waits for it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from bangui.domain.history_ports import HistoryWriter, Retention, StoreError
from bangui.services.threads import in_thread

_log = logging.getLogger("bangui.caretaker")


@dataclass(frozen=True, slots=True)
class CaretakerPace:
    """How often it looks, and how long it rests between two batches; in seconds."""

    interval: float = 600.0
    rest: float = 0.1
    batch: int = 2_000


class Caretaker:
    """The caretaker of one history; `run` is its loop, owned by the runtime.

    It asks each time how long what is kept, in a thread; where that raises `StoreError`, nothing is forgotten.
    """

    def __init__(
        self,
        writer: HistoryWriter,
        retention: Callable[[], Retention],
        *,
        pace: CaretakerPace | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._writer = writer
        self._retention = retention
        self._pace = pace or CaretakerPace()
        self._now = now

    async def run(self) -> None:
        """Forget until cancelled."""
        while True:
            try:
                forgotten = await self.forget()
            except StoreError as error:
                # The collector says what is wrong with the history, and mends it.
                _log.info("nothing_forgotten", extra={"problem": error.message})
            else:
                if forgotten:
                    _log.info("events_forgotten", extra={"events": forgotten})
            await asyncio.sleep(self._pace.interval)

    async def forget(self) -> int:
        """Forget all that is too old or too much now, and return how many events that were."""
        forgotten = 0
        while True:
            count = await in_thread(self._forget_some)
            forgotten += count
            if count < self._pace.batch:
                return forgotten
            await asyncio.sleep(self._pace.rest)

    def _forget_some(self) -> int:
        return self._writer.prune(self._retention(), int(self._now() * 1000), self._pace.batch)
