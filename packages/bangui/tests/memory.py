"""A host that lives in memory: it performs every operation as fail2ban would, without fail2ban.

For tests of what stands on a gateway. One contract suite runs over this and over the real one, so that
what is tested here holds there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from bangui.domain.addresses import parse_address
from bangui.domain.allow_list import AllowedOne, AllowOutcome, AllowResult
from bangui.domain.bans import Ban, newest_first
from bangui.domain.errors import BanGUIError, InvalidInput, OperationRefused, UnknownJail
from bangui.domain.further_operations import AddAllowed, RemoveAllowed, RenewIds
from bangui.domain.gateway import R
from bangui.domain.jails import AllowList, JailCounters, JailRule
from bangui.domain.operations import (
    RECENT_SECONDS,
    BanIds,
    LookUp,
    Operation,
    ReadAllowList,
    ReadBans,
    ReadCounters,
    ReadRecentlyRecordedBans,
    ReadRecordedBans,
    ReadRule,
    ReadStart,
    ReadVersion,
    UnbanIds,
)
from bangui.domain.outcomes import BannedId, BanOutcome, BanResult, UnbannedId, UnbanOutcome
from bangui.domain.setting_values import SettingValue
from packages.bangui.tests.memory_jails import jail_handlers


@dataclass(slots=True)
class MemoryJail:
    """A jail: its rule, its allow list, its bans by id, its counters, and its other settings by name."""

    max_retry: int = 5
    find_time: float = 600
    ban_time: int | None = 600
    grows: bool = False
    allowed: tuple[str, ...] = ()
    allows_own_addresses: bool = True
    bans: dict[str, Ban] = field(default_factory=dict)
    currently_failed: int = 0
    total_failed: int = 0
    total_banned: int = 0
    values: dict[str, SettingValue] = field(default_factory=dict)
    is_paused: bool = False


class MemoryGateway:
    """A gateway to jails in memory.

    `jails`, `version` and `started_at` may be changed at any time. While `away` holds an error every operation raises
    it. `performed` lists every operation in order. `recorded` is what its database says of each jail, None where there
    is no database to be read. `configured` are the jails of its configuration, None where that has mistakes.
    """

    def __init__(self, host: str = "memory", now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._host = host
        self._now = now
        self.version = "1.1.0"
        self.started_at: datetime | None = None
        self.jails: dict[str, MemoryJail] = {}
        self.configured: dict[str, MemoryJail] | None = None
        self.away: BanGUIError | None = None
        self.performed: list[Operation[Any]] = []
        self.recorded: dict[str, tuple[Ban, ...]] | None = None
        self._handlers: Mapping[type[Any], Callable[[Any], object]] = {
            ReadVersion: lambda _: self.version,
            ReadStart: lambda _: self.started_at,
            ReadCounters: lambda _: self._read_counters(),
            ReadBans: lambda operation: newest_first(list(self._jail(operation.jail).bans.values())),
            ReadRecordedBans: lambda operation: self._recorded(operation.jail),
            ReadRecentlyRecordedBans: lambda operation: self._recently_recorded(operation.jail),
            ReadRule: lambda operation: self._read_rule(operation.jail),
            ReadAllowList: lambda operation: self._read_allow_list(operation.jail),
            LookUp: lambda operation: tuple(self._jails_that_ban(id) for id in operation.ids),
            BanIds: self._ban,
            RenewIds: self._renew,
            UnbanIds: self._unban,
            **jail_handlers(self),
            AddAllowed: self._add_allowed,
            RemoveAllowed: self._remove_allowed,
        }

    @property
    def host(self) -> str:
        """The name of this host."""
        return self._host

    async def perform(self, operation: Operation[R]) -> R:
        """Perform the operation at once."""
        self.performed.append(operation)
        if self.away is not None:
            raise self.away
        return cast(R, self._handlers[type(operation)](operation))

    async def aclose(self) -> None:
        """Do nothing: nothing is held open."""

    def _jail(self, name: str) -> MemoryJail:
        if name not in self.jails:
            raise UnknownJail(name)
        return self.jails[name]

    def _read_counters(self) -> tuple[JailCounters, ...]:
        return tuple(
            JailCounters(self._host, name, jail.currently_failed, jail.total_failed, len(jail.bans), jail.total_banned)
            for name, jail in sorted(self.jails.items())
        )

    def _recorded(self, jail: str) -> tuple[Ban, ...]:
        if self.recorded is None:
            raise OperationRefused("fail2ban keeps no database that could be read")
        return self.recorded.get(jail, ())

    def _recently_recorded(self, jail: str) -> tuple[Ban, ...]:
        oldest = self._now() - timedelta(seconds=RECENT_SECONDS)
        return tuple(ban for ban in self._recorded(jail) if ban.banned_at >= oldest)

    def _read_rule(self, name: str) -> JailRule:
        jail = self._jail(name)
        return JailRule(self._host, name, jail.max_retry, jail.find_time, jail.ban_time, jail.grows)

    def _read_allow_list(self, name: str) -> AllowList:
        jail = self._jail(name)
        return AllowList(self._host, name, jail.allowed, jail.allows_own_addresses)

    def _add_allowed(self, operation: AddAllowed) -> AllowOutcome:
        jail = self._jail(operation.jail)
        known = set(jail.allowed)
        jail.allowed = (*jail.allowed, *(entry for entry in operation.entries if entry not in known))
        return self._allow_outcome(operation.jail, operation.entries, known)

    def _remove_allowed(self, operation: RemoveAllowed) -> AllowOutcome:
        jail = self._jail(operation.jail)
        absent = set(operation.entries) - set(jail.allowed)
        jail.allowed = tuple(entry for entry in jail.allowed if entry not in operation.entries)
        return self._allow_outcome(operation.jail, operation.entries, absent)

    def _allow_outcome(self, jail: str, entries: tuple[str, ...], already: set[str]) -> AllowOutcome:
        results = [AllowResult.ALREADY if entry in already else AllowResult.DONE for entry in entries]
        return AllowOutcome(self._host, jail, tuple(map(AllowedOne, entries, results)))

    def _jails_that_ban(self, id: str) -> tuple[str, ...]:
        return tuple(name for name, jail in sorted(self.jails.items()) if id in jail.bans)

    def _ban(self, operation: BanIds) -> BanOutcome:
        jail = self._jail(operation.jail)
        return BanOutcome(
            self._host, operation.jail, tuple(self._ban_one(operation.jail, jail, id) for id in operation.ids)
        )

    def _renew(self, operation: RenewIds) -> BanOutcome:
        jail = self._jail(operation.jail)
        outcome = self._ban(BanIds(operation.jail, operation.ids))
        for one in outcome.ids:
            ban = jail.bans[one.id]
            if jail.ban_time is None:
                jail.bans[one.id] = replace(ban, duration=None, ends_at=None)
                continue
            end = self._now().replace(microsecond=0) + timedelta(seconds=jail.ban_time)
            if ban.ends_at is not None and end > ban.ends_at:
                jail.bans[one.id] = replace(ban, duration=int((end - ban.banned_at).total_seconds()), ends_at=end)
        return outcome

    def _ban_one(self, name: str, jail: MemoryJail, id: str) -> BannedId:
        if id in jail.bans:
            return BannedId(id, BanResult.ALREADY_BANNED)
        start = self._now().replace(microsecond=0)
        end = None if jail.ban_time is None else start + timedelta(seconds=jail.ban_time)
        jail.bans[id] = Ban(self._host, name, id, start, jail.ban_time, end)
        jail.total_banned += 1
        return BannedId(id, BanResult.BANNED)

    def _unban(self, operation: UnbanIds) -> UnbanOutcome:
        if operation.jail is not None:
            self._jail(operation.jail)
        names = sorted(self.jails) if operation.jail is None else [operation.jail]
        return UnbanOutcome(self._host, operation.jail, tuple(self._unban_one(id, names) for id in operation.ids))

    def _unban_one(self, id: str, names: list[str]) -> UnbannedId:
        jails = tuple(name for name in names if self.jails[name].bans.pop(id, None))
        lifted = len(jails)
        for name in names:
            if name not in jails:
                lifted += self._unban_inside(id, self.jails[name])
        return UnbannedId(id, jails, lifted)

    def _unban_inside(self, id: str, jail: MemoryJail) -> int:
        inside = [banned for banned in jail.bans if _is_inside(banned, id)]
        for banned in inside:
            del jail.bans[banned]
        return len(inside)

    def prolong(self, jail: str, id: str, duration: int) -> None:
        """Let a ban end at another time, as fail2ban does with those of repeated offenders."""
        ban = self.jails[jail].bans[id]
        end = ban.banned_at + timedelta(seconds=duration)
        self.jails[jail].bans[id] = replace(ban, duration=duration, ends_at=end)


def _is_inside(id: str, network: str) -> bool:
    try:
        address, around = parse_address(id), parse_address(network)
    except InvalidInput:
        return False
    return around.is_network and not address.is_network and around.contains(address)
