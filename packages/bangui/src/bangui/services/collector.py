"""Reads the sources of a host and records what they tell, for as long as it runs.

Invariants:

    What a source told and how far it was read are recorded together, so that a collector that is killed at any moment
    goes on where it left off: nothing is lost, and what is read twice is known already.
    Nothing is read on while the history cannot be written: the sources keep it, they are fail2ban's own files.
    A source that cannot be read holds up neither the other sources nor the pages; it is tried again, ever more rarely.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol

from bangui.domain.collection import CollectorState, SourceState
from bangui.domain.history import Batch, JailSettings, Recorded
from bangui.domain.history_ports import HistoryWriter, Progress, Reading, SourceAway, StoreError, StoreTrouble
from bangui.services.threads import in_thread

_log = logging.getLogger("bangui.collector")

# What code that reads hostile text raises where it has a mistake.
_MISTAKES = (ArithmeticError, AttributeError, LookupError, OSError, RecursionError, TypeError, ValueError)


class Feed(Protocol):
    """A source of observations as the collector reads it; see `bangui.domain.history_ports.EventSource`."""

    @property
    def name(self) -> str:
        """What its cursor is called."""
        ...

    async def read(self, cursor: str | None) -> Reading:
        """Return what came after the cursor, or raise `SourceAway`."""
        ...


class SettingsReader(Protocol):
    """Tells the settings that the jails of a host have now."""

    async def read(self) -> Sequence[JailSettings]:
        """Return the settings of every jail; empty while the daemon is away."""
        ...


@dataclass(frozen=True, slots=True)
class CollectorPace:
    """How often what is done; in seconds."""

    interval: float = 0.5
    """Between two looks at sources that have nothing more to tell."""
    settings: float = 60.0
    """Between two looks at the settings of the jails."""
    retry_first: float = 0.5
    """Before the first new try after something went wrong; doubled each time, up to `retry_longest`."""
    retry_longest: float = 15.0


class Collector:
    """The collector of one host; `run` is its loop, owned by the runtime."""

    def __init__(
        self,
        host: str,
        feeds: Sequence[Feed],
        writer: HistoryWriter,
        *,
        settings: SettingsReader | None = None,
        repair: Callable[[], None] | None = None,
        pace: CollectorPace | None = None,
    ) -> None:
        self._writer = writer
        self._settings = settings
        self._repair = repair
        self._pace = pace or CollectorPace()
        self._feeds = [_FeedReader(feed) for feed in feeds]
        self._state = CollectorState(host, tuple(SourceState(feed.name) for feed in feeds))
        self._listeners: list[Callable[[Recorded], None]] = []
        self._settings_due = 0.0
        self._failures = 0

    @property
    def state(self) -> CollectorState:
        """How the collecting is going."""
        return self._state

    def listen(self, listener: Callable[[Recorded], None]) -> None:
        """Call the listener with everything that is recorded from now on, in the event loop."""
        self._listeners.append(listener)

    async def run(self) -> None:
        """Collect until cancelled."""
        while True:
            pause = await self._round()
            await asyncio.sleep(pause)

    async def catch_up(self, progress: Progress | None = None) -> CollectorState:
        """Collect until every source that can be read has been read to its end once; return how that went."""
        while True:
            await self._round()
            if progress is not None:
                progress(*_sum_of(self._state.sources))
            if self._state.problem or all(source.read_at or source.problem for source in self._state.sources):
                return self._state

    async def _round(self) -> float:
        """Read each source once, record what it told, and return the pause before the next round."""
        has_more = False
        try:
            for feed in self._feeds:
                has_more = await self._read(feed) or has_more
            if not has_more:
                await self._record_settings()
        except StoreError as error:
            return await self._stumble(error)
        self._recover()
        return 0.0 if has_more else self._pace.interval

    async def _read(self, feed: _FeedReader) -> bool:
        """Read a source and record what it told; say whether there is more."""
        if time.monotonic() < feed.due:
            return False
        host = self._state.host
        if not feed.is_opened:
            # Anew after each failure to record as well: what counts is what was recorded.
            feed.cursor = await in_thread(lambda: self._writer.cursor(host, feed.name))
            feed.is_opened = True
        try:
            reading = await feed.read()
        except SourceAway as error:
            self._lose(feed, error.message, error.hint)
            return False
        except _MISTAKES as error:
            # Whatever an attacker has written into a log must not end the record of everything else.
            _log.exception("source_failed", extra={"source": feed.name, "problem": str(error)[:200]})
            self._lose(feed, f"reading it failed: {type(error).__name__}", "see BanGUI's own log for the reason")
            return False
        if reading.observations or reading.cursor != feed.cursor:
            batch = Batch(host, reading.observations, {feed.name: reading.cursor})
            feed.is_opened = False
            self._publish(await in_thread(lambda: self._writer.record(batch)))
            feed.cursor, feed.is_opened = reading.cursor, True
        self._found(feed, reading)
        return reading.has_more

    def _publish(self, recorded: Recorded) -> None:
        self._state = replace(self._state, recorded=self._state.recorded + len(recorded.new))
        if recorded.new or recorded.changed:
            for listener in self._listeners:
                listener(recorded)

    def _found(self, feed: _FeedReader, reading: Reading) -> None:
        last = self._source(feed.name)
        if last.problem:
            _log.info("source_back", extra={"source": feed.name})
        feed.failures = 0
        read_at = last.read_at if reading.has_more else datetime.now(UTC)
        self._update(SourceState(feed.name, read_at, reading.done, reading.total))

    def _lose(self, feed: _FeedReader, problem: str, hint: str) -> None:
        last = self._source(feed.name)
        if last.problem != problem:
            _log.warning("source_away", extra={"source": feed.name, "problem": problem, "hint": hint})
        feed.due = time.monotonic() + self._pause_after(feed.failures)
        feed.failures += 1
        self._update(replace(last, problem=problem, hint=hint or None))

    def _source(self, name: str) -> SourceState:
        return next(source for source in self._state.sources if source.name == name)

    def _update(self, new: SourceState) -> None:
        sources = tuple(new if source.name == new.name else source for source in self._state.sources)
        self._state = replace(self._state, sources=sources)

    async def _record_settings(self) -> None:
        if self._settings is None or time.monotonic() < self._settings_due:
            return
        self._settings_due = time.monotonic() + self._pace.settings
        settings = await self._settings.read()
        if settings:
            batch = Batch(self._state.host, settings=settings)
            await in_thread(lambda: self._writer.record(batch))

    async def _stumble(self, error: StoreError) -> float:
        """Take note that nothing can be recorded, mend what can be mended, and return the pause before a new try."""
        if self._state.problem != error.message:
            _log.error("history_trouble", extra={"problem": error.message, "hint": error.hint})
        self._state = replace(self._state, problem=error.message, hint=error.hint or None)
        if error.trouble is StoreTrouble.DAMAGED and self._repair is not None:
            try:
                await in_thread(self._repair)
            except StoreError as problem:
                _log.error("history_not_repaired", extra={"problem": problem.message, "hint": problem.hint})
        pause = self._pause_after(self._failures)
        self._failures += 1
        return pause

    def _recover(self) -> None:
        if self._state.problem:
            _log.warning("history_works_again")
            self._state = replace(self._state, problem=None, hint=None)
        self._failures = 0

    def _pause_after(self, failures: int) -> float:
        # The exponent is bounded because a disk may be full for weeks.
        return min(self._pace.retry_first * 2.0 ** min(failures, 20), self._pace.retry_longest)


class _FeedReader:
    """A feed, how far it was read and recorded, and when to try it again (monotonic)."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self.name = feed.name
        self.cursor: str | None = None
        self.is_opened = False
        self.due = 0.0
        self.failures = 0

    async def read(self) -> Reading:
        return await self._feed.read(self.cursor)


def _sum_of(sources: Sequence[SourceState]) -> tuple[int, int | None]:
    """Return how much is done of how much; sources count in different units, so each counts as a thousand."""
    shares = [
        1000 if source.read_at else 1000 * source.done // source.total if source.total else 0 for source in sources
    ]
    return sum(shares), 1000 * len(sources)
