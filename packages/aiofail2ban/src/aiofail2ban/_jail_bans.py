"""The bans of a jail."""

from __future__ import annotations

from collections.abc import Iterable

from ._bulk import Progress, run_in_slices, run_slice
from ._commands import bans
from ._commands._arguments import to_ids
from ._jail_handle import JailHandle
from .types import Ban, BanId


class JailBans(JailHandle):
    """Who is banned in a jail; banning and unbanning."""

    async def bans(self) -> tuple[Ban, ...]:
        """Return all bans with their times, the one that ends first in front.

        Costs the daemon some 10 µs a ban, during which it answers nobody else. Since 0.11.1; older daemons raise
        `InvalidCommandError`.
        """
        return await self._executor.execute(bans.bans(self.name))

    async def banned_ids(self) -> tuple[str, ...]:
        """Return the ids of all bans, oldest first. Costs a fifth of `bans`. Since 0.10.6 and 0.11.2."""
        return await self._executor.execute(bans.banned_ids(self.name))

    async def banned_ids_by_end(self) -> tuple[str, ...]:
        """Return the ids of all bans, the one that ends first in front. Since 0.11.1."""
        return await self._executor.execute(bans.banned_ids_by_end(self.name))

    async def is_banned(self, id: BanId) -> bool:
        """Return whether exactly `id` is banned; an address inside a banned network is not. Since 0.10.6 and 0.11.2.

        `Fail2BanClient.where_banned` also looks at networks.
        """
        return (await self.are_banned(id))[0]

    async def are_banned(self, ids: BanId | Iterable[BanId]) -> tuple[bool, ...]:
        """Return for each id, in their order, whether exactly it is banned. Since 0.10.6 and 0.11.2."""
        texts = to_ids(ids)
        if not texts:
            return ()
        return await self._executor.execute(bans.are_banned(self.name, texts))

    async def ban(self, ids: BanId | Iterable[BanId], *, on_progress: Progress | None = None) -> int:
        """Ban one id or many, for the jail's ban time, and return how many were not banned before.

        An id may be any text. Addresses come back in their canonical form: without brackets or host bits, IPv4 in
        the clothes of IPv6 as IPv4. Host names are not looked up. `ignoreip` does not protect from this.

        Long lists go in slices, between which other commands get their turn; the time limit counts for each slice
        and grows with it. When one fails the error's `hint` says how many ids were through; `on_progress` is called
        with that number, and with that of all, after each slice.

        The number says nothing about the firewall: an action that fails is only in fail2ban's log. All versions;
        before 0.10.5 one command an id, and ids that were banned before are counted too.
        """
        return await run_in_slices(
            to_ids(ids),
            lambda part: run_slice(self._executor, part, lambda some: bans.ban(self.name, some)),
            on_progress,
        )

    async def unban(self, ids: BanId | Iterable[BanId], *, on_progress: Progress | None = None) -> int:
        """Unban one id or many and return how many bans that ended; those that are not banned are ignored.

        A network that is not itself banned ends the bans of all addresses in it (since 0.11.2). A text that is not
        banned and not an address is looked up in the DNS, and the daemon answers nobody meanwhile. The daemon
        also deletes what its database knows of these ids in this jail.

        Slices, errors and `on_progress` are as for `ban`. All versions; before 0.10.5 one command an id, and an
        absent id is an `InvalidValueError`.
        """
        return await run_in_slices(
            to_ids(ids),
            lambda part: run_slice(self._executor, part, lambda some: bans.unban(self.name, some)),
            on_progress,
        )

    async def unban_reporting_absent(self, ids: BanId | Iterable[BanId]) -> int:
        """Unban one id or many, and raise `InvalidValueError`, which names them, if some were not banned.

        All others of the same slice of 25 are unbanned then, and later slices are not sent. Since 0.10.5.
        """
        return await run_in_slices(
            to_ids(ids),
            lambda part: self._executor.execute(bans.unban_reporting_absent(self.name, part)),
        )

    async def attempt(self, id: BanId, lines: Iterable[str] = ()) -> bool:
        """Count a failure of `id`, or one for each of `lines`, as if the log had them; it may be banned for it.

        Returns False when the jail ignores `id`; before 1.1.1 the failure is counted all the same. Since 0.10.5.
        """
        return await self._executor.execute(bans.attempt(self.name, id, lines))
