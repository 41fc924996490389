"""Ends bans with a duration of their own in time, and keeps those up that fail2ban would end too early.

`run` is the loop, owned by the runtime. It sleeps until the next ban is due, or somebody in this process has changed
one (`begin`); what another process has put into the store it finds within seconds. A daemon or a store that is away is
asked again and again: no ban is given up for that. What is to be done about each ban, `domain.timed_bans` decides.

`lock` is held while a list of bans is read and acted upon, and by those who ban and unban by hand, for a slice at a
time: so that nobody asks again for a ban that somebody is just lifting.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bangui.domain.ban_wishes import BanChange, UnbanChange, UnbanReport
from bangui.domain.bans import Ban
from bangui.domain.errors import BanGUIError, OperationRefused, UnknownJail
from bangui.domain.further_operations import RenewIds
from bangui.domain.gateway import Gateway
from bangui.domain.history import Origin
from bangui.domain.jails import JailCounters
from bangui.domain.moments import milliseconds_of
from bangui.domain.operations import LookUp, ReadBans, ReadCounters, ReadRecordedBans, ReadRule, UnbanIds
from bangui.domain.outcomes import BannedId, BanResult
from bangui.domain.timed_asking import Asking, Wanted, begun, confirmed
from bangui.domain.timed_bans import (
    Seen,
    Step,
    TimedBan,
    TimedBanStore,
    TimedKey,
    asked_again,
    decide,
    without_jail,
)
from bangui.services.ban_records import BanRecords, by_itself
from bangui.services.bans import SLICE
from bangui.services.clock import Now, unix_milliseconds
from bangui.services.host_reader import LONGEST_LIST
from bangui.services.threads import in_thread

_log = logging.getLogger("bangui.timed_bans")

_AT_ONCE = 10_000
_TIME_OVER = "its time was over"


_Next = tuple[TimedBan, TimedBan]
"""A ban, and what it is after the next step."""


@dataclass(frozen=True, slots=True)
class TimedPace:
    """How often the loop looks into the store for what others have put there, and tells that it is there; seconds."""

    look: float = 5.0
    tell: float = 60.0


class TimedBans:
    """The timed bans of one host. `instance` names this run of the daemon: it changes when fail2ban is restarted."""

    def __init__(
        self,
        gateway: Gateway,
        store: TimedBanStore,
        records: BanRecords,
        *,
        instance: Callable[[], str],
        now: Now = unix_milliseconds,
        pace: TimedPace | None = None,
    ) -> None:
        self.lock = asyncio.Lock()
        self._gateway = gateway
        self._store = store
        self._records = records
        self._instance = instance
        self._now = now
        self._pace = pace or TimedPace()
        self._changed = asyncio.Event()
        self._told = 0

    async def begin(self, jail: str, ids: Sequence[str], wanted: Wanted, ban_time: int | None) -> frozenset[str]:
        """Take note of bans that are about to be asked for, and return those that were no timed bans before.

        `ban_time` is the jail's, in seconds. A timed ban that is there already gets the new end.
        """
        known = await self.find_all([TimedKey(jail, id) for id in ids])
        asking = Asking(self._gateway.host, jail, self._now(), ban_time, self._instance())
        bans = begun(ids, known, wanted, asking)
        await in_thread(lambda: self._store.put(bans))
        self._changed.set()
        return frozenset(ids) - {key.id for key in known}

    async def confirm(self, jail: str, outcome: Sequence[BannedId | BanChange], new: frozenset[str]) -> None:
        """Take note of what came of asking for bans that were begun; `new` is what `begin` returned."""
        known = await self.find_all([TimedKey(jail, one.id) for one in outcome])
        moved, failed = confirmed(jail, outcome, known, new, self._now())
        await in_thread(lambda: self._store.put(moved))
        await self.forget(failed)
        self._changed.set()

    async def forget(self, keys: Sequence[TimedKey]) -> int:
        """Forget bans, whoever lifted them wants them to be over; return how many there were."""
        # Most bans are no timed bans, and looking costs no wait for the disk.
        known = list(await self.find_all(keys))
        if known:
            await in_thread(lambda: self._store.forget(self._gateway.host, known))
        return len(known)

    async def find_all(self, keys: Sequence[TimedKey]) -> Mapping[TimedKey, TimedBan]:
        """Return the timed bans among keys."""
        return await in_thread(lambda: self._store.find(self._gateway.host, keys)) if keys else {}

    async def run(self) -> None:
        """Look after the bans until cancelled."""
        while True:
            self._changed.clear()
            try:
                pause = await self._round()
            except BanGUIError as error:
                # The daemon or the store is away, which others tell aloud.
                _log.info("timed_bans_wait", extra={"problem": error.message})
                pause = self._pace.look
            try:
                async with asyncio.timeout(pause):
                    await self._changed.wait()
            except TimeoutError:
                continue

    async def _round(self) -> float:
        """Do what is due, and return after how many seconds to look again."""
        if self._now() >= self._told + self._pace.tell * 1000:
            await in_thread(lambda: self._store.watch(self._gateway.host, self._now()))
            self._told = self._now()
        await self.look()
        next_look = await in_thread(lambda: self._store.next_look(self._gateway.host))
        if next_look is None:
            return self._pace.look
        return min(self._pace.look, max(0.05, (next_look - self._now()) / 1000))

    async def look(self) -> None:
        """Do what is due now about each ban."""
        due = await in_thread(lambda: self._store.due(self._gateway.host, self._now(), _AT_ONCE))
        by_jail: dict[str, list[TimedBan]] = defaultdict(list)
        for ban in due:
            by_jail[ban.jail].append(ban)
        if not by_jail:
            return
        counters = {jail.name: jail for jail in await self._gateway.perform(ReadCounters())}
        for name, bans in by_jail.items():
            if name in counters:
                with suppress(UnknownJail):  # stopped since the counters were read
                    await self._look_at(counters[name], bans)
            else:
                steps = [(ban, *without_jail(ban, self._now())) for ban in bans]
                await self._move([(ban, None if step is Step.FORGET else then) for ban, step, then in steps])

    async def _look_at(self, jail: JailCounters, bans: Sequence[TimedBan]) -> None:
        async with self.lock:
            seen = await self._see(jail, bans)
            now = self._now()
            steps: dict[Step, list[_Next]] = defaultdict(list)
            for ban in bans:
                step, then = decide(ban, seen[ban.id], now)
                steps[step].append((ban, then))
            await self._move([*steps[Step.WAIT], *((ban, None) for ban, _ in steps[Step.FORGET])])
        for part in _slices(steps[Step.LIFT]):
            async with self.lock:
                await self._lift(jail.name, [ban for ban, _ in await self._unchanged(part)])
        for part in _slices(steps[Step.ASK]):
            async with self.lock:
                await self._ask(jail.name, await self._unchanged(part), seen)

    async def _unchanged(self, steps: Sequence[_Next]) -> list[_Next]:
        """Return the steps of those bans that nobody has changed or lifted since they were looked at."""
        known = await self.find_all([ban.key for ban, _ in steps])
        return [(ban, then) for ban, then in steps if known.get(ban.key) == ban]

    async def _see(self, jail: JailCounters, bans: Sequence[TimedBan]) -> dict[str, Seen]:
        """Return what the host shows of bans of a jail."""
        rule = await self._gateway.perform(ReadRule(jail.name))
        ban_time = None if rule.ban_time is None else rule.ban_time * 1000
        is_long = jail.currently_banned > LONGEST_LIST
        listed = {ban.id: ban for ban in await self._list(jail.name, is_long=is_long)}
        absent = tuple(ban.id for ban in bans if ban.id not in listed)
        # The database does not know that a ban was made longer, so the daemon is asked for those that are not in it.
        looked_up = await self._gateway.perform(LookUp(absent)) if is_long and absent else ()
        held = {id for id, jails in zip(absent, looked_up, strict=False) if jail.name in jails}
        instance = self._instance()
        nothing = Seen(False, ban_time, daemon=instance, counted=jail.total_banned)
        return {ban.id: _seen(ban, listed.get(ban.id), nothing, is_held=ban.id in held) for ban in bans}

    async def _list(self, jail: str, *, is_long: bool) -> tuple[Ban, ...]:
        if is_long:
            with suppress(OperationRefused):  # then there is no database to read
                return await self._gateway.perform(ReadRecordedBans(jail))
        return await self._gateway.perform(ReadBans(jail))

    async def _lift(self, jail: str, bans: Sequence[TimedBan]) -> None:
        if not bans:
            return
        outcome = await self._gateway.perform(UnbanIds(tuple(ban.id for ban in bans), jail))
        lifted = {one.id: one for one in outcome.ids if not one.problem}
        await self._move([(ban, None) for ban in bans if ban.id in lifted])
        again = self._now() + round(self._pace.look * 1000)
        await self._move([(ban, replace(ban, look_at=again)) for ban in bans if ban.id not in lifted])
        for ban in bans:
            if ban.id in lifted:
                one = lifted[ban.id]
                change = UnbanChange(jail, one.id, one.jails, one.lifted)
                await self._records.unbanned(UnbanReport((change,)), by_itself(ban.author), _TIME_OVER)

    async def _ask(self, jail: str, steps: Sequence[_Next], seen: Mapping[str, Seen]) -> None:
        if not steps:
            return
        before = datetime.fromtimestamp(self._now() / 1000, UTC)
        outcome = await self._gateway.perform(RenewIds(jail, tuple(ban.id for ban, _ in steps)))
        results = {one.id: one.result for one in outcome.ids}
        now, again = self._now(), self._now() + round(self._pace.look * 1000)
        await self._move(
            [
                (ban, replace(then, look_at=again))
                if results[ban.id] is BanResult.FAILED
                else (ban, asked_again(then, seen[ban.id], now))
                for ban, then in steps
            ]
        )
        for ban, _ in steps:
            if results[ban.id] is BanResult.BANNED:
                await self._records.note(jail, [ban.id], before, ban.author, (Origin.BANGUI, ban.reason))

    async def _move(self, steps: Sequence[tuple[TimedBan, TimedBan | None]]) -> None:
        if steps:
            await in_thread(lambda: self._store.move(steps))


def _slices(steps: Sequence[_Next]) -> Iterable[Sequence[_Next]]:
    return (steps[start : start + SLICE] for start in range(0, len(steps), SLICE))


def _seen(known: TimedBan, listed: Ban | None, nothing: Seen, *, is_held: bool) -> Seen:
    if listed is not None:
        end = None if listed.ends_at is None else milliseconds_of(listed.ends_at)
        return replace(nothing, is_there=True, start=milliseconds_of(listed.banned_at), ends=end)
    if is_held and known.start is not None:
        # In force, but made longer than the database knows: it is taken to be as it was left.
        return replace(nothing, is_there=True, start=known.start, ends=known.lets_go)
    return nothing
