"""The tasks that keep what people have asked for, whatever fail2ban forgets and for as long as the pages are served.

    the keeper of the allow list    puts entries back, and takes away those that have ended
    its watch                       wakes it when the daemon or a jail has come
    the keeper of the audit trail   forgets what is too old or too much

What is kept is in the database of the history.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from bangui.adapters.sql.allow_notes import SqlAllowNotes
from bangui.runtime.late import LateDatabase
from bangui.services.allow_keeper import AllowKeeper
from bangui.services.allow_list import AllowListService

if TYPE_CHECKING:
    from bangui.domain.gateway import Gateway
    from bangui.services.audit import AuditTrail
    from bangui.services.live import LiveState


@asynccontextmanager
async def keeping(
    database: LateDatabase, gateway: Gateway, live: LiveState, trail: AuditTrail
) -> AsyncIterator[AllowListService]:
    """Keep the allow list of a host and the audit trail until the block ends; lend what changes the allow list."""
    notes, lock = SqlAllowNotes(database.engine), asyncio.Lock()
    keeper = AllowKeeper(gateway, notes, trail, lock)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(work) for work in (keeper.run(), keeper.watch(live), trail.keep_within_bounds())]
        try:
            yield AllowListService(gateway, notes, trail, lock)
        finally:
            for task in tasks:
                task.cancel()
