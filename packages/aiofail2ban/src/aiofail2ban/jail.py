"""One jail: everything that the daemon can be asked, or told, about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ._commands import actions, jails, reload
from ._jail_bans import JailBans
from ._jail_filter import JailFilter
from ._jail_ignore import JailIgnore
from ._jail_settings import JailSettings
from .action import Action
from .types import JailOrigins, JailStatistics, JailStatus


class Jail(JailBans, JailSettings, JailFilter, JailIgnore):
    """A handle to the jail `name`; made by `Fail2BanClient.jail`, and nothing is sent to make it.

    The jail need not exist yet. Every method raises `UnknownJailError` when it does not, and the errors of the
    connection that `Fail2BanClient` names. A name that fail2ban uses itself, such as `dbfile` or `--all`, raises
    `ValueError`.
    """

    async def status(self) -> JailStatus:
        """Return the jail's numbers, what it reads, and who is banned. All versions.

        At 100,000 bans it costs the daemon a quarter of a second; `short_status` costs the same for any number.
        """
        return await self._executor.execute(jails.status(self.name, "basic"))

    async def short_status(self) -> JailStatus:
        """Return the jail's numbers and what it reads, without the bans.

        Since 0.10.6 and 0.11.2. Older daemons answer with everything, and `banned_ids` is not None then.
        """
        return await self._executor.execute(jails.status(self.name, "short"))

    async def statistics(self) -> JailStatistics:
        """Return the jail in numbers, cheaply. Since 1.1.0; older daemons answer without the backend, at more cost."""
        return await self._executor.execute(jails.statistics_of(self.name))

    async def look_up_origins(self) -> JailOrigins:
        """Return the status, and network, country and registry of each ban. Since 0.9.2.

        Never call this from a program that people or other programs wait for. The daemon asks the DNS of Team Cymru,
        a stranger, about every banned address, one after the other, and answers nobody until it is through. Where
        the module dnspython is missing each list holds the one word `error`.
        """
        return await self._executor.execute(jails.origins(self.name))

    async def start(self) -> None:
        """Start the jail, and take it out of idleness; no error when it runs. All versions."""
        await self._executor.execute(jails.start(self.name))

    async def stop(self) -> None:
        """Stop the jail, which lifts its bans and forgets its settings. All versions.

        Takes a second as a rule, in which the daemon answers nobody. Only the configuration knows how to bring the
        jail back: see `restart`.
        """
        await self._executor.execute(jails.stop(self.name))

    async def set_idle(self, is_idle: bool) -> bool:
        """Let the jail pause (it neither reads nor lifts bans) or go on, and return which. All versions."""
        return await self._executor.execute(jails.set_idle(self.name, is_idle))

    async def reload(
        self,
        commands: Sequence[Sequence[object]],
        *,
        restart: bool = False,
        unban: bool = False,
        if_exists: bool = False,
    ) -> None:
        """Give the jail a new configuration: the complete stream of its commands. Since 0.10.0.

        Read the warnings of `Fail2BanClient.reload` first: a command that fails deletes the jail.
        """
        command = reload.reload(self.name, commands, restart=restart, unban=unban, if_exists=if_exists)
        await self._executor.execute(command)

    async def restart(self, commands: Sequence[Sequence[object]]) -> None:
        """Stop the jail and start it anew from the complete stream of its commands, with its bans. Since 0.10.0.

        Over the socket a jail cannot be restarted as it is: to stop it is to forget it, and the daemon reads no
        files. `fail2ban-client restart JAIL` does what this does, with a stream of its own making.
        """
        await self.reload(commands, restart=True)

    async def actions(self) -> tuple[str, ...]:
        """Return the names of the jail's actions, in the order in which they run. All versions."""
        return await self._executor.execute(actions.list_actions(self.name))

    def action(self, name: str) -> Action:
        """Return a handle to an action of the jail; nothing is sent."""
        return Action(self._executor, self.name, name)

    async def add_action(
        self, name: str, path: str | None = None, options: Mapping[str, object] | None = None
    ) -> Action:
        """Add an empty action of commands, or one in Python from the file `path` with `options`. All versions.

        The daemon runs that file as root; the path is one of its file system. Raises `InvalidValueError` when the
        jail has an action of that name or the file cannot be read, and `ValueError` for options without a file.
        """
        await self._executor.execute(actions.add(self.name, name, path, options or {}))
        return self.action(name)

    async def del_action(self, name: str) -> None:
        """Remove an action, which ends its effects on whoever is banned. All versions.

        Raises `InvalidValueError` when the jail has none of that name.
        """
        await self._executor.execute(actions.delete(self.name, name))
