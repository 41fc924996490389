"""The live state of a host: one poll loop, however many look on.

`run` is the loop, owned by the runtime. It never ends because of the daemon: a daemon that is away, slow or starting
is a state to show, not a failure. What it finds is published as a `Snapshot`; subscribers are not queued for, they
wake up and take the newest, so that one who sleeps costs nothing and misses only what is outdated.

Presence:

    AWAY      no answer: the last numbers stay, with their age; new tries with growing pauses
    STARTING  it answers, but lists no jails yet: the socket of a new daemon answers before its configuration arrives,
              all jails in one command, so the first jail that is seen means that all are there
    UP        it lists jails, or has listed none for so long that it simply has none
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

from bangui.domain.bans import JailBans
from bangui.domain.daemon import DaemonState, Presence
from bangui.domain.errors import BanGUIError
from bangui.domain.gateway import Gateway
from bangui.domain.last_day import Record
from bangui.domain.snapshot import Snapshot
from bangui.services.host_reader import HostReader, Reading
from bangui.services.pace import Pace

_log = logging.getLogger("bangui.live")
_EPOCH = datetime.fromtimestamp(0, UTC)


def _utc_now() -> datetime:
    return datetime.now(UTC)


class LiveState:
    """The newest snapshot of one host, and those who wait for the next."""

    def __init__(self, gateway: Gateway, pace: Pace | None = None, *, now: Callable[[], datetime] = _utc_now) -> None:
        self._pace = pace or Pace()
        self._now = now
        self._reader = HostReader(gateway, self._pace, now, time.monotonic)
        self._tries = 0
        self._empty_since: float | None = None
        self._changed = asyncio.Event()
        self._ended = False
        self._eager = 0
        self._hurry = asyncio.Event()
        self._polls_begun = self._polls_ended = 0
        self._polled = asyncio.Event()
        daemon = DaemonState(gateway.host, Presence.STARTING, None, now())
        self._snapshot = Snapshot(gateway.host, 0, daemon.since, daemon)

    @property
    def snapshot(self) -> Snapshot:
        """The newest snapshot. Its revision is 0 until the daemon has been asked for the first time."""
        return self._snapshot

    async def subscribe(self, *, is_eager: bool = False) -> AsyncGenerator[Snapshot, None]:
        """Yield the newest snapshot at once, and then whenever a newer revision is there, until `run` ends.

        A subscriber who takes long over one gets the newest next, not every one in between. While there is an eager one
        (a person who looks on) the daemon is asked more often; however many there are costs the same.
        """
        seen = -1
        self._eager += is_eager
        try:
            while True:
                changed = self._changed
                if self._snapshot.revision > seen:
                    seen = self._snapshot.revision
                    yield self._snapshot
                elif self._ended:
                    return
                else:
                    await changed.wait()
        finally:
            self._eager -= is_eager

    async def catch_up(self, patience: float = 1.0) -> None:
        """Ask the daemon now and wait for what it says, but not for long: somebody has just changed something."""
        # What is being read at the moment may be from before the change.
        wanted = self._polls_begun + 1
        self._hurry.set()
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                while self._polls_ended < wanted:
                    await self._polled.wait()

    async def run(self) -> None:
        """Poll until cancelled."""
        self._ended = False
        due = time.monotonic()
        try:
            while True:
                self._hurry.clear()
                self._polls_begun += 1
                pause = await self._poll()
                self._end_poll()
                now = time.monotonic()
                due = next_beat(min(due, now), pause, now)
                await self._rest(due - now)
        finally:
            self._ended = True
            self._wake()

    def _end_poll(self) -> None:
        self._polls_ended = self._polls_begun
        self._polled.set()
        self._polled = asyncio.Event()

    async def _rest(self, seconds: float) -> None:
        """Wait, unless somebody is in a hurry."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._hurry.wait()

    async def _poll(self) -> float:
        """Ask the daemon once, publish what was found, and return the pause before the next poll."""
        try:
            async with asyncio.timeout(self._pace.deadline):
                reading = await self._reader.read()
        except TimeoutError:
            return self._lose("fail2ban does not answer in time", "it may be busy with a slow action: see its log")
        except BanGUIError as error:
            return self._lose(error.message, error.hint)
        self._tries = 0
        presence = self._judge(reading)
        daemon = replace(self._state(presence, reading.version, None, None), started_at=reading.started_at)
        self._publish(reading.read_at, daemon, reading)
        if presence is not Presence.UP:
            return self._pace.starting
        return self._pace.watched if self._eager else self._pace.interval

    def _lose(self, problem: str, hint: str) -> float:
        self._reader.forget()
        self._empty_since = None
        last = self._snapshot
        self._publish(last.taken_at, self._state(Presence.AWAY, last.daemon.version, problem, hint or None), None)
        self._tries += 1
        # The exponent is bounded because a daemon may be away for weeks.
        return min(self._pace.away_first * 2.0 ** min(self._tries - 1, 20), self._pace.away_longest)

    def _judge(self, reading: Reading) -> Presence:
        if reading.jails:
            self._empty_since = None
            return Presence.UP
        if self._empty_since is None:
            self._empty_since = time.monotonic()
        is_new = time.monotonic() - self._empty_since < self._pace.empty_start
        return Presence.STARTING if is_new else Presence.UP

    def _state(self, presence: Presence, version: str | None, problem: str | None, hint: str | None) -> DaemonState:
        last = self._snapshot.daemon
        since = last.since if presence is last.presence else self._now()
        return DaemonState(last.host, presence, version, since, problem, hint)

    def _report(self, daemon: DaemonState) -> None:
        if daemon.presence is self._snapshot.daemon.presence and self._snapshot.revision:
            return
        if daemon.presence is Presence.AWAY:
            _log.warning("fail2ban_away", extra={"host": daemon.host, "problem": daemon.problem, "hint": daemon.hint})
        else:
            facts = {"host": daemon.host, "version": daemon.version}
            _log.info("fail2ban_starting" if daemon.presence is Presence.STARTING else "fail2ban_up", extra=facts)

    def _publish(self, taken_at: datetime, daemon: DaemonState, reading: Reading | None) -> None:
        self._report(daemon)
        last = self._snapshot
        jails, bans = (reading.jails, reading.bans) if reading else (last.jails, last.bans)
        snapshot = replace(last, taken_at=taken_at, daemon=daemon, jails=jails, bans=bans)
        if last.revision and _essence(snapshot) == _essence(last):
            self._snapshot = snapshot
            return
        self._snapshot = replace(snapshot, revision=last.revision + 1)
        self._wake()

    def show_record(self, record: Record) -> None:
        """Publish what the history has to say, beside what the daemon says."""
        last = self._snapshot
        is_news = last.record is None or _record_essence(last.record) != _record_essence(record)
        self._snapshot = replace(last, record=record, revision=last.revision + (1 if is_news and last.revision else 0))
        if is_news:
            self._wake()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()


def _essence(snapshot: Snapshot) -> tuple[object, ...]:
    """Return all of a snapshot that counts as a change: everything but the ages."""
    return (snapshot.daemon, snapshot.jails, tuple(_list_essence(bans) for bans in snapshot.bans))


def _list_essence(bans: JailBans) -> tuple[object, ...]:
    return (bans.jail, bans.bans, bans.total, bans.complete)


def _record_essence(record: Record) -> Record:
    """Return the record without what changes as time goes by although nothing happens."""
    day, collection = record.day, record.collection
    return replace(
        record,
        day=day and replace(day, taken_at=_EPOCH),
        collection=collection
        and replace(
            collection,
            sources=tuple(replace(one, read_at=one.read_at and _EPOCH) for one in collection.sources),
            recorded=0,
        ),
    )


def next_beat(due: float, pause: float, now: float) -> float:
    """Return when the next poll is due: a pause after the last one was due, whole beats that were missed left out."""
    if now < due + pause:
        return due + pause
    return now + pause - (now - due) % pause
