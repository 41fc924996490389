"""Bans across all jails."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ._bulk import Progress, run_in_slices
from ._capabilities import Feature
from ._commands import bans
from ._commands._arguments import check_id, to_ids
from ._server_status import ServerStatusCommands
from .errors import InvalidCommandError
from .types import BanId

if TYPE_CHECKING:
    from .types import BanLocation


class ServerBans(ServerStatusCommands):
    """Who is banned where; banning in several jails; unbanning everywhere."""

    async def banned(self) -> dict[str, tuple[str, ...]]:
        """Return the ids of all bans by jail, oldest first, jails in the order in which they were made.

        At 100,000 bans it costs the daemon a fifth of a second. Since 0.10.6 and 0.11.2; older daemons are asked
        for the status of each jail.
        """
        if not self.capabilities.lack(Feature.BANNED):
            try:
                return await self.execute(bans.banned())
            except InvalidCommandError:
                self.capabilities.note_missing(Feature.BANNED)
        statuses = await self.status_of_jails()
        return {name: status.banned_ids or () for name, status in statuses.items()}

    async def banned_in(self, ids: BanId | Iterable[BanId]) -> tuple[tuple[str, ...], ...]:
        """Return for each id, in their order, the jails in which exactly it is banned.

        An address inside a banned network is not: `where_banned` also looks at networks. Since 0.10.6 and 0.11.2;
        older daemons raise `InvalidCommandError`.
        """
        texts = to_ids(ids)
        return await self.execute(bans.banned_in(texts)) if texts else ()

    async def where_banned(self, id: BanId) -> tuple[BanLocation, ...]:
        """Return where `id`, or a network that contains it, is banned; empty for nowhere.

        Lists all bans, at the cost of `banned`. All versions.
        """
        from ._where import find_bans

        text = check_id(id)
        return find_bans(text, await self.banned())

    async def ban(
        self, ids: BanId | Iterable[BanId], jails: str | Iterable[str], *, on_progress: Progress | None = None
    ) -> dict[str, int]:
        """Ban one id or many in each of `jails`, and return by jail how many were not banned there before.

        The jails come one after the other, each as `Jail.ban` does it; the first error ends it. All versions.
        """
        from .jail import Jail

        texts = to_ids(ids)
        names = (jails,) if isinstance(jails, str) else tuple(jails)
        handles = [Jail(self, name) for name in names]
        return {jail.name: await jail.ban(texts, on_progress=on_progress) for jail in handles}

    async def unban(self, ids: BanId | Iterable[BanId], *, on_progress: Progress | None = None) -> int:
        """Unban one id or many in all jails and return how many bans that ended. Since 0.10.0.

        What is said of networks, names, the database, slices and errors at `Jail.unban` holds here too.
        """
        return await run_in_slices(to_ids(ids), lambda part: self.execute(bans.unban_everywhere(part)), on_progress)

    async def unban_all(self) -> int:
        """End every ban in every jail, delete all of them from fail2ban's database, and return how many there were.

        The daemon answers nobody until its actions have run, some 8 ms a ban, and has a quarter of an hour for it.
        Since 0.10.0.
        """
        return await self.execute(bans.unban_all())
