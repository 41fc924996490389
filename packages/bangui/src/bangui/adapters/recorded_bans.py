"""The bans in force, read from fail2ban's own database instead of over its socket.

Over the socket a list costs the daemon ten microseconds a ban, during which it answers nobody. Its database holds, in
the table `bips`, the last ban of each id in each jail, and takes the row away when somebody lifts the ban. Reading it
costs the daemon nothing, as long as its lock is held for moments only: every read is a copy of a slice
(`f2b_database.snapshot`).
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bangui.adapters.f2b_database.file import DatabaseFile
from bangui.adapters.f2b_database.rows import Row, duration_of, told_by
from bangui.adapters.f2b_database.snapshot import Snapshot, open_database
from bangui.domain.bans import Ban, newest_first
from bangui.domain.errors import OperationRefused
from bangui.domain.history_ports import SourceAway
from bangui.domain.operations import RECENT_SECONDS
from bangui.domain.phrases import phrase

# Copied within a millisecond or two.
_SLICE = 2_000


class RecordedBans:
    """Reads the bans in force of a host out of its fail2ban's database."""

    def __init__(self, host: str, now: Callable[[], float] = time.time) -> None:
        self._host = host
        self._now = now
        self._file: DatabaseFile | None = None

    async def read(self, path: str, jail: str) -> tuple[Ban, ...]:
        """Return all bans of a jail, newest first."""
        return await asyncio.to_thread(self._read, Path(path), jail, _all)

    async def read_recent(self, path: str, jail: str) -> tuple[Ban, ...]:
        """Return the bans of a jail that began a short while ago, newest first."""
        since = int(self._now()) - RECENT_SECONDS
        return await asyncio.to_thread(
            self._read, Path(path), jail, lambda snapshot, jail: [snapshot.copy_recent_bans(jail, since, _SLICE)]
        )

    def _read(
        self, path: Path, jail: str, copy: Callable[[Snapshot, str], Iterable[tuple[Row, ...]]]
    ) -> tuple[Ban, ...]:
        now = datetime.fromtimestamp(self._now(), UTC)
        bans: list[Ban] = []
        try:
            self._look(path)
            with open_database(path) as connection:
                # Slice by slice, so that a long list is never there twice.
                for rows in copy(Snapshot(connection), jail):
                    bans += (ban for ban in self._bans(jail, rows) if ban.ends_at is None or ban.ends_at > now)
        except SourceAway as away:
            raise OperationRefused(away.message, away.hint) from away
        except sqlite3.Error as error:
            raise OperationRefused(
                phrase("fail2ban's database {path} cannot be read", path=path), detail=str(error)
            ) from error
        return newest_first(bans)

    def _look(self, path: Path) -> None:
        if self._file is None or self._file.path != path:
            self._file = DatabaseFile(path)
        self._file.look()

    def _bans(self, jail: str, rows: tuple[Row, ...]) -> Iterator[Ban]:
        """Yield the bans of rows; all of them share one text for their jail, which among many is megabytes.

        A service that starts beside 100,000 bans waits for this, so nothing else is made of a row on the way.
        """
        host = self._host
        for row in rows:
            told = told_by(row)
            duration = duration_of(row.duration, told[0]) if told else None
            if told is None or duration is None:
                continue
            start = datetime.fromtimestamp(told[0], UTC)
            if duration < 0:
                yield Ban(host, jail, told[2], start, None, None)
            else:
                yield Ban(host, jail, told[2], start, duration, start + timedelta(seconds=duration))


def _all(snapshot: Snapshot, jail: str) -> Iterator[tuple[Row, ...]]:
    rows = snapshot.copy_last_bans(jail, -1, _SLICE)
    while rows:
        yield rows
        rows = snapshot.copy_last_bans(jail, rows[-1].number, _SLICE) if len(rows) == _SLICE else ()
