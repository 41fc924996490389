"""A host behind fail2ban's socket: each operation as commands of the daemon.

The commands come from the library's `ServerCommands`, so this gateway works over its asyncio client (one persistent
connection, for services) as well as over a blocking exchange (for the command line). It awaits one command after
another, because the second of these cannot do otherwise; on a persistent connection each costs a tenth of a
millisecond.

What only some operations need is imported by them, because a short command performs one or two.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import fields
from datetime import MAXYEAR, UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol, cast

from aiofail2ban import Fail2BanError
from bangui.domain.errors import InvalidInput, OperationRefused
from bangui.domain.operations import (
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

if TYPE_CHECKING:
    from aiofail2ban import ServerCommands
    from bangui.domain.allow_list import AllowOutcome
    from bangui.domain.bans import Ban
    from bangui.domain.further_operations import (
        AddAllowed,
        PlanReload,
        ReadActions,
        ReadJail,
        Reload,
        RemoveAllowed,
        RenewIds,
        SetJailValue,
    )
    from bangui.domain.gateway import R
    from bangui.domain.jail_details import ActionDetails, JailDetails
    from bangui.domain.jails import AllowList, JailCounters, JailRule
    from bangui.domain.outcomes import BanOutcome, UnbanOutcome
    from bangui.domain.setting_values import SettingChange

_Handler = Callable[[Any], Awaitable[object]]

# Splits a request on the daemon's side; the library refuses it as well, but there it is nobody's typing mistake.
_END_MARKER = "<F2B_END_COMMAND>"


class DatabaseReader(Protocol):
    """Reads bans in force out of the database at a path; raises `OperationRefused` where it cannot."""

    async def read(self, path: str, jail: str) -> tuple[Ban, ...]:
        """Return all bans of a jail, newest first."""
        ...

    async def read_recent(self, path: str, jail: str) -> tuple[Ban, ...]:
        """Return the bans of a jail that began a short while ago, newest first."""
        ...


class Fail2BanGateway:
    """A gateway over the commands of one daemon; `close` gives back their connection.

    Where `database` is None, what would be read from fail2ban's database is refused; where `find_start` is None, nobody
    knows when the daemon was started.
    """

    def __init__(
        self,
        host: str,
        commands: ServerCommands,
        close: Callable[[], Awaitable[None]],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        database: DatabaseReader | None = None,
        find_start: Callable[[], datetime | None] | None = None,
    ) -> None:
        self._host = host
        self._commands = commands
        self._close = close
        self._now = now
        self._database = database
        self._find_start = find_start
        self._handlers: Mapping[type[Any], _Handler] = {
            ReadVersion: self._read_version,
            ReadStart: self._read_start,
            ReadCounters: self._read_counters,
            ReadBans: self._read_bans,
            ReadRecordedBans: self._read_recorded_bans,
            ReadRecentlyRecordedBans: self._read_recently_recorded_bans,
            ReadRule: self._read_rule,
            ReadAllowList: self._read_allow_list,
            LookUp: self._look_up,
            BanIds: self._ban,
            UnbanIds: self._unban,
        }

    @property
    def host(self) -> str:
        """The name of the host."""
        return self._host

    async def perform(self, operation: Operation[R]) -> R:
        """Perform the operation; every error is one of the domain's."""
        _refuse_end_marker(operation)
        try:
            return cast("R", await self._handler(operation)(operation))
        except Fail2BanError as error:
            from bangui.adapters.translation import translated

            raise translated(error, getattr(operation, "jail", None)) from error
        except ValueError as error:
            # A name that the library will not send, because to fail2ban it would mean something else.
            raise InvalidInput(str(error)) from error

    def _handler(self, operation: Operation[object]) -> _Handler:
        if type(operation) not in self._handlers:
            self._handlers = {**self._handlers, **self._further_handlers()}
        return self._handlers[type(operation)]

    def _further_handlers(self) -> Mapping[type[Any], _Handler]:
        """Return the handlers of what only a service asks for."""
        from bangui.domain import further_operations as further

        return {
            further.RenewIds: self._renew,
            further.ReadJail: self._read_jail,
            further.ReadActions: self._read_actions,
            further.SetJailValue: self._set_jail_value,
            further.PauseJail: lambda operation: self._commands.jail(operation.jail).set_idle(True),
            further.ResumeJail: lambda operation: self._commands.jail(operation.jail).set_idle(False),
            further.StopJail: lambda operation: self._commands.jail(operation.jail).stop(),
            further.StartJail: lambda operation: self._commands.jail(operation.jail).start(),
            further.AddAllowed: self._add_allowed,
            further.RemoveAllowed: self._remove_allowed,
            further.PlanReload: _cannot_reload,
            further.Reload: _cannot_reload,
        }

    async def aclose(self) -> None:
        """Close the connection; the next operation opens another one."""
        await self._close()

    async def _read_version(self, _: ReadVersion) -> str:
        return await self._commands.version()

    async def _read_start(self, _: ReadStart) -> datetime | None:
        return self._find_start() if self._find_start else None

    async def _read_counters(self, _: ReadCounters) -> tuple[JailCounters, ...]:
        from bangui.domain.jails import JailCounters

        statistics = await self._commands.statistics()
        return tuple(
            JailCounters(
                self._host,
                name,
                jail.currently_failed,
                jail.total_failed,
                jail.currently_banned,
                jail.total_banned,
            )
            for name, jail in sorted(statistics.items())
        )

    async def _read_bans(self, operation: ReadBans) -> tuple[Ban, ...]:
        from bangui.adapters.local_times import instant_of
        from bangui.domain.bans import Ban, newest_first

        raw, now = await self._commands.jail(operation.jail).bans(), self._now()
        bans = []
        for one in raw:
            # Of a ban that ends after the year 9999 the daemon tells the same end as of one without an end.
            duration = None if one.ends_at is None or one.ends_at.year == MAXYEAR else one.duration
            start = instant_of(one.banned_at, duration, one.ends_at, now)
            end = None if duration is None else start + timedelta(seconds=duration)
            bans.append(Ban(self._host, operation.jail, one.id, start, duration, end))
        return newest_first(bans)

    async def _read_recorded_bans(self, operation: ReadRecordedBans) -> tuple[Ban, ...]:
        database, path = await self._find_database()
        return await database.read(path, operation.jail)

    async def _read_recently_recorded_bans(self, operation: ReadRecentlyRecordedBans) -> tuple[Ban, ...]:
        database, path = await self._find_database()
        return await database.read_recent(path, operation.jail)

    async def _find_database(self) -> tuple[DatabaseReader, str]:
        # Asked each time: a daemon that was restarted may keep another one, and the answer costs next to nothing.
        path = await self._commands.get_dbfile() if self._database is not None else None
        if self._database is None or path is None or path == ":memory:":
            raise OperationRefused("fail2ban keeps no database that could be read")
        return self._database, path

    async def _read_rule(self, operation: ReadRule) -> JailRule:
        from bangui.domain.jails import JailRule

        jail = self._commands.jail(operation.jail)
        return JailRule(
            self._host,
            operation.jail,
            max_retry=await jail.get_maxretry(),
            find_time=await jail.get_findtime(),
            ban_time=_finite(await jail.get_bantime()),
            grows=bool(await jail.get_bantime_increment()),
        )

    async def _read_allow_list(self, operation: ReadAllowList) -> AllowList:
        from bangui.domain.jails import AllowList

        jail = self._commands.jail(operation.jail)
        return AllowList(self._host, operation.jail, tuple(await jail.get_ignoreip()), await jail.get_ignoreself())

    async def _look_up(self, operation: LookUp) -> tuple[tuple[str, ...], ...]:
        return tuple(await self._commands.banned_in(operation.ids)) if operation.ids else ()

    async def _ban(self, operation: BanIds) -> BanOutcome:
        from bangui.adapters.ban_commands import ban_ids
        from bangui.domain.outcomes import BanOutcome

        banned = await ban_ids(self._commands.jail(operation.jail), operation.ids)
        return BanOutcome(self._host, operation.jail, banned)

    async def _renew(self, operation: RenewIds) -> BanOutcome:
        from bangui.adapters.ban_commands import renew_ids
        from bangui.domain.outcomes import BanOutcome

        renewed = await renew_ids(self._commands.jail(operation.jail), operation.ids)
        return BanOutcome(self._host, operation.jail, renewed)

    async def _unban(self, operation: UnbanIds) -> UnbanOutcome:
        from bangui.adapters.ban_commands import unban_ids
        from bangui.domain.outcomes import UnbanOutcome

        unbanned = await unban_ids(self._commands, operation.ids, operation.jail)
        return UnbanOutcome(self._host, operation.jail, unbanned)

    async def _add_allowed(self, operation: AddAllowed) -> AllowOutcome:
        from bangui.adapters.allow_commands import add_allowed
        from bangui.domain.allow_list import AllowOutcome

        entries = await add_allowed(self._commands.jail(operation.jail), operation.entries)
        return AllowOutcome(self._host, operation.jail, entries)

    async def _remove_allowed(self, operation: RemoveAllowed) -> AllowOutcome:
        from bangui.adapters.allow_commands import remove_allowed
        from bangui.domain.allow_list import AllowOutcome

        entries = await remove_allowed(self._commands.jail(operation.jail), operation.entries)
        return AllowOutcome(self._host, operation.jail, entries)

    async def _read_jail(self, operation: ReadJail) -> JailDetails:
        from bangui.adapters.jail_commands import read_jail

        return await read_jail(self._commands, self._host, operation.jail)

    async def _read_actions(self, operation: ReadActions) -> tuple[ActionDetails, ...]:
        from bangui.adapters.jail_commands import read_actions

        return await read_actions(self._commands.jail(operation.jail))

    async def _set_jail_value(self, operation: SetJailValue) -> SettingChange:
        from bangui.adapters.jail_commands import set_value

        return await set_value(self._commands.jail(operation.jail), self._host, operation.setting, operation.value)


async def _cannot_reload(_: PlanReload | Reload) -> object:
    # It takes more than a socket: `bangui.adapters.reloading`.
    raise OperationRefused("fail2ban cannot be reloaded from here", "try: sudo fail2ban-client reload")


def _finite(seconds: int) -> int | None:
    return None if seconds < 0 else seconds


def _refuse_end_marker(operation: Operation[object]) -> None:
    for field in fields(operation):
        value = getattr(operation, field.name)
        if any(_END_MARKER in text for text in ((value,) if isinstance(value, str) else value or ())):
            raise InvalidInput(f"no {field.name} may contain {_END_MARKER}", "somebody may be attacking: leave it out")
