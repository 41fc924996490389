"""Settings of the server."""

from __future__ import annotations

from ._commands import server
from ._server_handle import ServerHandle
from .types import Duration


class ServerSettings(ServerHandle):
    """The daemon's own log, its database, and a few more.

    Nothing that is set here is saved; the next reload overwrites it with what the configuration says. Setters return
    the new value. Paths are those of the daemon's file system.
    """

    async def get_loglevel(self) -> str:
        """Return the level of the daemon's log, such as `INFO`. All versions."""
        return await self.execute(server.get_loglevel())

    async def set_loglevel(self, level: str) -> str:
        """Set the level of the daemon's log, by name or as a text of digits. All versions.

        Raises `InvalidValueError` for a level that does not exist.
        """
        return await self.execute(server.set_loglevel(level))

    async def get_logtarget(self) -> str | None:
        """Return where the daemon logs, without options. All versions."""
        return await self.execute(server.get_logtarget())

    async def set_logtarget(self, target: str) -> str:
        """Set where the daemon logs: a file, `STDOUT`, `STDERR`, `SYSOUT`, `SYSLOG`, `SYSTEMD-JOURNAL`. All versions.

        Options may follow in brackets. A file is made as root where there is none. Raises `InvalidValueError` when
        it cannot be opened. `SYSTEMD-JOURNAL` exists since 1.0.1; before, it is the name of a file.
        """
        return await self.execute(server.set_logtarget(target))

    async def flushlogs(self) -> str:
        """Reopen the log after it was rotated; returns `rolled over`, or `flushed` without a file. Since 0.8.12."""
        return await self.execute(server.flushlogs())

    async def get_syslogsocket(self) -> str | None:
        """Return the socket of syslog, `auto` for the system's usual one. Since 0.9.2."""
        return await self.execute(server.get_syslogsocket())

    async def set_syslogsocket(self, path: str) -> str | None:
        """Set the socket of syslog, `auto` for the system's usual one. Since 0.9.2."""
        return await self.execute(server.set_syslogsocket(path))

    async def get_thread_stacksize(self) -> int:
        """Return the size in KiB of the stack of new threads, 0 for the system's usual one. Since 0.10.5."""
        return await self.execute(server.get_thread_stacksize())

    async def set_thread_stacksize(self, kibibytes: int) -> None:
        """Set the size of the stack of new threads: 0 for the system's usual one, or at least 32. Since 0.10.5.

        Raises `InvalidValueError` for a size that the system refuses.
        """
        await self.execute(server.set_thread_stacksize(kibibytes))

    async def get_dbfile(self) -> str | None:
        """Return the path of fail2ban's database, `:memory:`, or None for no database. Since 0.9.0."""
        return await self.execute(server.get_dbfile())

    async def set_dbfile(self, path: str | None) -> str | None:
        """Set the path of fail2ban's database, `:memory:`, or None for no database. Since 0.9.0.

        Raises `Fail2BanCommandError` while there are jails, unless nothing changes.
        """
        return await self.execute(server.set_dbfile(path))

    async def get_dbpurgeage(self) -> float | None:
        """Return after how many seconds bans are deleted from the database, None without one. Since 0.9.0."""
        return await self.execute(server.get_dbpurgeage())

    async def set_dbpurgeage(self, age: Duration) -> float | None:
        """Set when bans are deleted from the database, in seconds or as a text such as `1d`. Since 0.9.0.

        Returns None, and changes nothing, without a database. Also bans that still last are deleted from it.
        """
        return await self.execute(server.set_dbpurgeage(age))

    async def get_dbmaxmatches(self) -> int | None:
        """Return how many log lines the database keeps with a ban, None without a database. Since 0.10.5."""
        return await self.execute(server.get_dbmaxmatches())

    async def set_dbmaxmatches(self, count: int) -> int | None:
        """Set how many log lines the database keeps with a ban; returns None without a database. Since 0.10.5."""
        return await self.execute(server.set_dbmaxmatches(count))

    async def set_allowipv6(self, is_allowed: bool | None) -> None:
        """Set whether addresses of IPv6 are looked for, None to let the daemon find out. Since 1.0.1.

        There is no command to ask for it.
        """
        await self.execute(server.set_allowipv6(is_allowed))
