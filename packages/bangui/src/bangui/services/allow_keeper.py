"""Keeps the daemon to what was noted: puts back what it has lost, and takes away what has ended.

fail2ban loses what was added to allow lists at each reload and each restart. `run` looks again and again, soon after
the live state has seen the daemon or its jails come, and as soon as a note ends; it is owned by the runtime. What was
missed while BanGUI did not run is made good by its first look.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from bangui.domain.accounts import Via
from bangui.domain.allow_list import AllowAction, AllowOutcome, canonical_entry
from bangui.domain.allow_notes import AllowNote, AllowNotes, ended_in, wanted_in
from bangui.domain.audit import AuditEntry
from bangui.domain.errors import BanGUIError, OperationRefused, UnknownJail
from bangui.domain.further_operations import AddAllowed, RemoveAllowed
from bangui.domain.gateway import Gateway
from bangui.domain.jails import AllowList
from bangui.domain.operations import Operation
from bangui.services.allow_changes import read_allow_lists
from bangui.services.audit import AuditTrail
from bangui.services.clock import Now, unix_milliseconds
from bangui.services.live import LiveState
from bangui.services.threads import in_thread

_log = logging.getLogger("bangui.allow_list")

ACTOR = "BanGUI"
"""Whom the audit trail names where nobody asked."""
_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class KeeperPace:
    """How long it waits between two looks at most, and at least; in seconds.

    A quick restart or a reload is not to be seen from outside, and until the next look somebody may be locked out.
    """

    interval: float = 5.0
    least: float = 0.2


@dataclass(slots=True)
class _Look:
    """What one look found."""

    put_back: int = 0
    problems: list[str] = field(default_factory=list)
    stuck: set[str] = field(default_factory=set)
    """Entries that have ended, and that a jail did not let go of."""


class AllowKeeper:
    """The keeper of the notes of one host; `lock` is shared with whoever changes them."""

    def __init__(
        self,
        gateway: Gateway,
        notes: AllowNotes,
        trail: AuditTrail,
        lock: asyncio.Lock,
        *,
        pace: KeeperPace | None = None,
        now: Now = unix_milliseconds,
    ) -> None:
        self._gateway = gateway
        self._notes = notes
        self._trail = trail
        self._lock = lock
        self._pace = pace or KeeperPace()
        self._now = now
        self._woken = asyncio.Event()
        self._problem: str | None = None

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            self._woken.clear()
            pause = self._pace.interval
            try:
                pause = await self.look()
            except BanGUIError as error:
                self._report(error.message)
            # Not `wait_for`: on Python 3.11 it takes no notice of a cancellation that comes with what it waits for.
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._woken.wait()

    async def watch(self, live: LiveState) -> None:
        """Wake the keeper whenever the daemon or a jail has come, until the live state ends."""
        seen: object = None
        async for snapshot in live.subscribe():
            daemon, jails = snapshot.daemon, tuple(jail.name for jail in snapshot.jails)
            state = (daemon.presence, daemon.since, daemon.started_at, jails)
            if state != seen:
                seen = state
                self._woken.set()

    async def look(self) -> float:
        """Make good what is not as the notes want it, and return for how long nothing will have to be done."""
        async with self._lock:
            notes = await in_thread(lambda: self._notes.all(self._gateway.host))
            if not notes:
                return self._pace.interval
            now, found = self._now(), _Look()
            for jail in await read_allow_lists(self._gateway):
                await self._mend(jail, notes, now, found)
            await self._expire([note for note in notes if not note.holds(now) and note.entry not in found.stuck], now)
        if found.put_back:
            _log.info("allow_list_put_back", extra={"host": self._gateway.host, "entries": found.put_back})
        self._report("; ".join(found.problems[:3]) or None)
        return self._pause(notes, now)

    async def _mend(self, jail: AllowList, notes: Sequence[AllowNote], now: int, found: _Look) -> None:
        present = {canonical_entry(entry) for entry in jail.entries}
        missing = sorted(wanted_in(jail.jail, notes, now) - present)
        for part in [tuple(missing[start : start + _AT_ONCE]) for start in range(0, len(missing), _AT_ONCE)]:
            found.put_back += await self._change(AddAllowed(jail.jail, part), found)
        ended = sorted(ended_in(jail.jail, notes, now) & present)
        for entry in ended:
            if not await self._change(RemoveAllowed(jail.jail, (entry,)), found):
                found.stuck.add(entry)

    async def _change(self, operation: Operation[AllowOutcome], found: _Look) -> int:
        """Perform a change and return of how many entries it was; a jail that says no does not keep others waiting."""
        try:
            outcome = await self._gateway.perform(operation)
        except UnknownJail:
            return 0  # stopped meanwhile: what it starts with is its configuration
        except OperationRefused as error:
            found.problems.append(error.message)
            return 0
        problems = [f"{outcome.jail}: {one.problem}" for one in outcome.entries if one.problem]
        found.problems += problems
        return len(outcome.entries) - len(problems)

    async def _expire(self, ended: Sequence[AllowNote], now: int) -> None:
        if not ended:
            return
        await in_thread(lambda: self._notes.forget(ended))
        for note in ended:
            about = f"{note.jail or 'every jail'}; of {note.author}"
            await self._trail.record(
                AuditEntry(
                    time=now,
                    actor=ACTOR,
                    via=Via.SERVICE,
                    address=None,
                    action=AllowAction.EXPIRE.value,
                    target=note.entry,
                    detail=f"{about}; note: {note.note}" if note.note else about,
                    host=note.host,
                )
            )

    def _pause(self, notes: Sequence[AllowNote], now: int) -> float:
        to_come = [(note.ends - now) / 1000 for note in notes if note.ends is not None and note.ends > now]
        return max(self._pace.least, min([self._pace.interval, *to_come]))

    def _report(self, problem: str | None) -> None:
        if problem is not None and problem != self._problem:
            _log.warning("allow_list_not_kept", extra={"host": self._gateway.host, "problem": problem})
        self._problem = problem
