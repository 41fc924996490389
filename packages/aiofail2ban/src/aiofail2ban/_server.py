"""Every command of the server as a whole, typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ._commands import jails, server
from ._server_bans import ServerBans
from ._server_settings import ServerSettings

# Handles and reloads come with their first use: a program that shows a status starts without them.
if TYPE_CHECKING:
    from .jail import Jail


class ServerCommands(ServerBans, ServerSettings):
    """What a daemon can be asked or told; a subclass brings `execute`, which sends.

    `capabilities` holds what this daemon was found to lack. Methods that have something else to use then do so, and
    say at which cost. Versions in their descriptions are where a command first appeared; nothing is ever decided by
    a version number.
    """

    def jail(self, name: str) -> Jail:
        """Return a handle to a jail, which need not exist yet; nothing is sent."""
        from .jail import Jail

        return Jail(self, name)

    def forget_capabilities(self) -> None:
        """Find out anew what the daemon has: another one may be at the other end."""
        self.capabilities.forget()

    async def add_jail(self, name: str, backend: str = "auto") -> Jail:
        """Make a jail without any settings, which does not run until `Jail.start`. All versions.

        `backend` is `auto`, `pyinotify`, `polling` or `systemd`. The daemon does not check names, and one with `, `
        in it confuses fail2ban's own tools. Raises `DuplicateJailError` when there is a jail of that name, and
        `InvalidValueError` for another backend. On 1.0.2 with Python 3.11 the first jail with `pyinotify` or `auto`
        can block the daemon for good if another jail runs an action just then.
        """
        handle = self.jail(name)
        await self.execute(jails.add(name, backend))
        return handle

    async def stop_all_jails(self) -> None:
        """Stop every jail, which lifts its bans and forgets its settings; the daemon stays. Since 0.10.0.

        Some versions need a second for each jail, and answer nobody meanwhile.
        """
        await self.execute(server.stop_all_jails())

    async def stop_server(self) -> None:
        """Stop the daemon. All versions.

        Where a service manager looks after it, stop it there. The reply comes when all jails have ended, which
        takes some versions a second a jail.
        """
        await self.execute(server.stop())

    async def reload(
        self,
        commands: Sequence[Sequence[object]],
        *,
        restart: bool = False,
        unban: bool = False,
        if_exists: bool = False,
    ) -> None:
        """Give the daemon a new configuration: the complete stream of its commands. Since 0.10.0.

        The daemon reads no files. `commands` is what `fail2ban-client -d` prints for the whole configuration, and
        nothing less: jails that it does not start are deleted with their bans. **So are all jails when one command
        fails**, be it a single regular expression or ban time, although `fail2ban-client -t` had found nothing.
        Values in it are evaluated by the daemon as root, so a stream never comes from a stranger.

        Hence: try the stream in a scratch daemon first, keep the old one for the way back, never run two reloads at a
        time, and compare the list of jails afterwards. An added action, or a removed setting that has no default,
        takes effect only with `restart`.

        `restart` stops the jails first, `unban` ends their bans first, `if_exists` is for a jail that may be missing.
        Raises `ValueError` for a stream that would leave jails out, `Fail2BanCommandError` for a command that failed.
        """
        from ._commands import reload as reloading

        command = reloading.reload(reloading.ALL_JAILS, commands, restart=restart, unban=unban, if_exists=if_exists)
        await self.execute(command)

    async def server_stream(self, commands: Sequence[Sequence[object]]) -> None:
        """Run commands one after the other, which is how a new daemon gets its configuration. Since 0.10.5.

        The first that fails ends it, and what came before stays done. The daemon answers nobody meanwhile.
        """
        await self.execute(server.server_stream(commands))

    async def echo(self, *tokens: object) -> list[object]:
        """Return the tokens as the daemon got them. Since 0.10.0."""
        return await self.execute(server.echo(tokens))

    async def sleep(self, seconds: float) -> None:
        """Block the whole daemon for a while: nobody is answered. All versions."""
        await self.execute(server.sleep(seconds))

    async def config_error(self, message: str) -> None:
        """Write `message` to the daemon's log as an error. Since 0.10.0."""
        await self.execute(server.config_error(message))
