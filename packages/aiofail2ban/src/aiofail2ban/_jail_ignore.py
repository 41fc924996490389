"""Who is never counted by a jail."""

from __future__ import annotations

from collections.abc import Iterable

from ._commands import filters
from ._commands._arguments import check_id, to_ids
from ._jail_handle import JailHandle
from .types import BanId, Duration, IgnoreCache


class JailIgnore(JailHandle):
    """Ignored addresses, and the command that decides about others.

    They protect from automatic bans only. Nothing that is set here is saved; the next reload overwrites it.
    """

    async def get_ignoreself(self) -> bool:
        """Return whether the machine's own addresses are ignored. Since 0.10.0."""
        return await self._executor.execute(filters.get_ignoreself(self.name))

    async def set_ignoreself(self, is_on: bool) -> bool:
        """Set whether the machine's own addresses are ignored. Since 0.10.0."""
        return await self._executor.execute(filters.set_ignoreself(self.name, is_on))

    async def get_ignoreip(self) -> tuple[str, ...]:
        """Return the ignored addresses, networks and host names in canonical form. All versions.

        A file of them is shown as `file:PATH` (since 1.1.1). Single addresses come last, in any order.
        """
        return await self._executor.execute(filters.get_ignoreip(self.name))

    async def add_ignoreip(self, entries: BanId | Iterable[BanId]) -> tuple[str, ...]:
        """Ignore addresses, networks or host names, and return all that are ignored. All versions.

        The daemon checks nothing: what is not an address is a host name to it, or, since 1.1.1, `file:PATH`.
        """
        return await self._executor.execute(filters.add_ignoreip(self.name, to_ids(entries)))

    async def del_ignoreip(self, entry: BanId) -> tuple[str, ...]:
        """Ignore one entry no longer and return the others; spell it as `get_ignoreip` does. All versions.

        Raises `InvalidValueError` when it is not ignored.
        """
        return await self._executor.execute(filters.del_ignoreip(self.name, check_id(entry)))

    async def get_ignorecommand(self) -> str:
        """Return the command whose success lets an id be ignored; empty for none. All versions."""
        return await self._executor.execute(filters.get_ignorecommand(self.name))

    async def set_ignorecommand(self, command: str) -> str:
        """Set the command whose success lets an id be ignored, empty for none. All versions.

        The daemon runs it through a shell as root for each failure, with tags such as `<ip>` filled in.
        """
        return await self._executor.execute(filters.set_ignorecommand(self.name, command))

    async def get_ignorecache(self) -> IgnoreCache | None:
        """Return how long the answers of the `ignorecommand` are kept, None for not at all. Since 0.10.4."""
        return await self._executor.execute(filters.get_ignorecache(self.name))

    async def set_ignorecache(
        self, key: str = "<ip>", *, max_count: int = 100, max_time: Duration = 300
    ) -> IgnoreCache | None:
        """Keep answers of the `ignorecommand`: what they depend on, how many, and how long. Since 0.10.4.

        `max_time` is in seconds or a text such as `5m`. Raises `ValueError` for a key with quotes, brackets, commas
        or equals signs, which the daemon could take for options of their own.
        """
        return await self._executor.execute(filters.set_ignorecache(self.name, key, max_count, max_time))
