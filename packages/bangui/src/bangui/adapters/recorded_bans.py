"""The bans in force, read from fail2ban's own database instead of over its socket.

Over the socket a list costs the daemon ten microseconds a ban, during which it answers nobody. Its database holds, in
the table `bips`, the last ban of each id in each jail, and takes the row away when somebody lifts the ban. Reading it
costs the daemon nothing, as long as no read takes long: one that is held open makes it lose rows. So every read is a
slice that is fetched at once, on a connection that can only read.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from bangui.domain.bans import Ban, newest_first
from bangui.domain.errors import OperationRefused
from bangui.domain.operations import RECENT_SECONDS

# Fetched in 2 to 3 ms; the daemon waits up to 5 s for a lock.
_SLICE = 2_000
# Of the reader, who gives way: whatever holds the database longer is not worth waiting for.
_BUSY_SECONDS = 0.25
# Later times are no dates in Python; fail2ban itself writes 9999 for a ban without an end.
_LAST_SECOND = 253_402_300_799

_COLUMNS = "SELECT rowid, ip, timeofban, bantime FROM bips"
_ALL = f"{_COLUMNS} WHERE rowid > ? AND jail = ? ORDER BY rowid LIMIT {_SLICE}"
_RECENT = f"{_COLUMNS} WHERE timeofban >= ? AND jail = ? ORDER BY timeofban DESC LIMIT {_SLICE}"


class _Row(NamedTuple):
    number: int
    id: str
    time: int
    duration: int


class RecordedBans:
    """Reads the bans in force of a host out of its fail2ban's database."""

    def __init__(self, host: str, now: Callable[[], float] = time.time) -> None:
        self._host = host
        self._now = now

    async def read(self, path: str, jail: str) -> tuple[Ban, ...]:
        """Return all bans of a jail, newest first."""
        return await asyncio.to_thread(self._read, path, jail, only_recent=False)

    async def read_recent(self, path: str, jail: str) -> tuple[Ban, ...]:
        """Return the bans of a jail that began a short while ago, newest first."""
        return await asyncio.to_thread(self._read, path, jail, only_recent=True)

    def _read(self, path: str, jail: str, *, only_recent: bool) -> tuple[Ban, ...]:
        try:
            connection = sqlite3.connect(f"{Path(path).as_uri()}?mode=ro", uri=True, timeout=_BUSY_SECONDS)
            try:
                rows = _recent(connection, jail, self._now()) if only_recent else list(_all(connection, jail))
            finally:
                connection.close()
        except (sqlite3.Error, OSError, ValueError) as error:
            raise OperationRefused(
                f"fail2ban's database {path} cannot be read", "it belongs to root: use sudo", detail=str(error)
            ) from error
        now = datetime.fromtimestamp(self._now(), UTC)
        bans = (self._ban(jail, row) for row in rows)
        return newest_first([ban for ban in bans if ban.ends_at is None or ban.ends_at > now])

    def _ban(self, jail: str, row: _Row) -> Ban:
        start = datetime.fromtimestamp(row.time, UTC)
        if row.duration < 0:
            return Ban(self._host, jail, row.id, start, None, None)
        return Ban(self._host, jail, row.id, start, row.duration, start + timedelta(seconds=row.duration))


def _all(connection: sqlite3.Connection, jail: str) -> Iterator[_Row]:
    last = -1
    while True:
        slice = connection.execute(_ALL, (last, jail)).fetchall()
        yield from filter(None, map(_row, slice))
        if len(slice) < _SLICE:
            return
        last = slice[-1][0]


def _recent(connection: sqlite3.Connection, jail: str, now: float) -> list[_Row]:
    return [row for row in map(_row, connection.execute(_RECENT, (int(now) - RECENT_SECONDS, jail)).fetchall()) if row]


def _row(values: tuple[object, ...]) -> _Row | None:
    """Return the row, or None where what stands in it is no ban that could be shown."""
    number, id, time, duration = values
    if not (isinstance(number, int) and isinstance(id, str) and isinstance(time, int) and isinstance(duration, int)):
        return None
    if not 0 <= time <= _LAST_SECOND or duration > _LAST_SECOND - time:
        return None
    return _Row(number, id, time, duration)
