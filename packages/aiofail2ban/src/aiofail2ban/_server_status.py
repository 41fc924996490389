"""The state of the daemon and of all its jails."""

from __future__ import annotations

from ._capabilities import Feature
from ._command import Command, T
from ._commands import bans, jails, server
from ._server_handle import ServerHandle
from .errors import Fail2BanCommandError, InvalidCommandError, UnknownJailError
from .types import JailStatistics, JailStatus, ServerStatus


class ServerStatusCommands(ServerHandle):
    """Version, readiness, the list of jails, and their status."""

    async def version(self) -> str:
        """Return fail2ban's version, such as `1.1.0`. Since 0.9.1.

        For people to read. What the daemon can do does not follow from it, as patched and future versions exist.
        """
        return await self.execute(server.version())

    async def server_status(self) -> str:
        """Return `Server ready`, also while the daemon has no jails yet. Since 0.10.3."""
        return await self.execute(server.server_status())

    async def status(self) -> ServerStatus:
        """Return the names of all jails. All versions.

        While the daemon starts, the list is empty at first.
        """
        count, text = await self.execute(jails.list_jails())
        names = jails.split_jail_list(count, text)
        if names is None:
            # Names that contain the separator of the list. Elsewhere they are keys.
            banned = await self.execute(bans.banned())
            names = tuple(sorted(banned))
        return ServerStatus(names)

    async def statistics(self) -> dict[str, JailStatistics]:
        """Return all jails in numbers, cheaply: made to be called every second. All versions.

        One command since 1.1.0. Older daemons are asked for their list of jails and then for each jail at once;
        those before 0.10.6 and 0.11.2 send all bans along.
        """
        if not self.capabilities.lack(Feature.STATISTICS):
            try:
                return await self.execute(jails.statistics())
            except InvalidCommandError:
                self.capabilities.note_missing(Feature.STATISTICS)
        names = (await self.status()).jail_names
        return await self._ask_each({name: jails.short_statistics_of(name) for name in names})

    async def status_of_jails(self, *, with_bans: bool = True) -> dict[str, JailStatus]:
        """Return the status of every jail. All versions; one command since 1.1.0, one for each jail before.

        With bans it costs the daemon some 3 µs a ban, without it costs next to nothing.
        """
        flavor = "basic" if with_bans else "short"
        if not self.capabilities.lack(Feature.STATUS_OF_ALL):
            try:
                return await self.execute(jails.status_of_all(flavor))
            except UnknownJailError:
                self.capabilities.note_missing(Feature.STATUS_OF_ALL)
        names = (await self.status()).jail_names
        return await self._ask_each({name: jails.status(name, flavor) for name in names})

    async def _ask_each(self, commands: dict[str, Command[T]]) -> dict[str, T]:
        """Execute a command for each jail; one that has gone in the meantime is left out."""
        requests: list[Command[T]] = list(commands.values())
        outcomes = await self.execute_each(requests)
        answers: dict[str, T] = {}
        for name, outcome in zip(commands, outcomes, strict=True):
            if isinstance(outcome, UnknownJailError):
                continue
            if isinstance(outcome, Fail2BanCommandError):
                raise outcome
            answers[name] = outcome
        return answers
