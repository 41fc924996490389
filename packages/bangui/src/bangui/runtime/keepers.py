"""The tasks that keep what people have asked for, whatever fail2ban forgets and for as long as the pages are served.

    the keeper of the allow list    puts entries back, and takes away those that have ended
    its watch                       wakes it when the daemon or a jail has come
    the keeper of the audit trail   forgets what is too old or too much

What is kept is in the database of the history. One that cannot be opened now may be there later: it is tried again
whenever something is asked of it.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from bangui.adapters.sql.allow_notes import SqlAllowNotes
from bangui.adapters.sql.engine import open_engine
from bangui.adapters.sql.migrate import migrate
from bangui.services.allow_keeper import AllowKeeper
from bangui.services.allow_list import AllowListService

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bangui.domain.allow_notes import AllowNote
    from bangui.domain.gateway import Gateway
    from bangui.services.audit import AuditTrail
    from bangui.services.live import LiveState


class LateAllowNotes:
    """Notes in a database that is opened when it is first asked; see `bangui.domain.allow_notes.AllowNotes`."""

    def __init__(self, location: str) -> None:
        self._location = location
        self._lock = threading.Lock()
        self._opened: tuple[Engine, SqlAllowNotes] | None = None

    def _notes(self) -> SqlAllowNotes:
        with self._lock:
            if self._opened is None:
                engine = open_engine(self._location)
                try:
                    migrate(engine)
                except BaseException:
                    engine.dispose()
                    raise
                self._opened = engine, SqlAllowNotes(engine)
            return self._opened[1]

    def all(self, host: str) -> Sequence[AllowNote]:
        """Return the notes of a host, also those that have ended, in no order."""
        return self._notes().all(host)

    def keep(self, notes: Sequence[AllowNote]) -> None:
        """Keep notes, each instead of the one about the same jail and entry."""
        self._notes().keep(notes)

    def forget(self, notes: Sequence[AllowNote]) -> None:
        """Forget notes; one that was replaced since it was read stays."""
        self._notes().forget(notes)

    def close(self) -> None:
        """Close the database; the notes may be asked again afterwards."""
        with self._lock:
            if self._opened is not None:
                self._opened[0].dispose()
            self._opened = None


@asynccontextmanager
async def keeping(
    location: str, gateway: Gateway, live: LiveState, trail: AuditTrail
) -> AsyncIterator[AllowListService]:
    """Keep the allow list of a host and the audit trail until the block ends; lend what changes the allow list."""
    notes, lock = LateAllowNotes(location), asyncio.Lock()
    keeper = AllowKeeper(gateway, notes, trail, lock)
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(work) for work in (keeper.run(), keeper.watch(live), trail.keep_within_bounds())]
            try:
                yield AllowListService(gateway, notes, trail, lock)
            finally:
                for task in tasks:
                    task.cancel()
    finally:
        await asyncio.to_thread(notes.close)
