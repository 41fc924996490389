"""A row of fail2ban's tables `bans` and `bips`, and the ban that it tells of.

Columns of SQLite hold values of any type whatever they were declared as, so each is looked at. What cannot be (a time
before 1970 or after 9999) makes no observation; what is merely unknown is None.
"""

from __future__ import annotations

import hashlib
import math
from typing import NamedTuple

from bangui.adapters.f2b_database.ban_data import BanData
from bangui.domain.history import PERMANENT, EventKind, Observation, Origin, Source

LONGEST_ID = 4_096
"""In characters, of ids and of names of jails: longer than any name that a mail or web server lets through."""

# Later times are no dates in Python; fail2ban itself writes 9999 for a ban without an end.
_LAST_SECOND = 253_402_300_799
_LARGEST_COUNT = 2**31 - 1


class Row(NamedTuple):
    """A row without its `data`, of which only the size is known; `number` is its rowid."""

    number: int
    jail: object
    id: object
    time: object
    duration: object
    ban_count: object
    size: object

    def mark(self) -> str:
        """Return what tells this row from any other that was ever at its place."""
        return hashlib.blake2b(repr(self[1:]).encode("utf-8", "replace"), digest_size=8).hexdigest()


def told_by(row: Row) -> tuple[int, str, str] | None:
    """Return when a ban began (Unix seconds), its jail and its id; None for what is no ban."""
    time, jail, id = _whole(row.time), row.jail, row.id
    if time is None or not 0 <= time <= _LAST_SECOND:
        return None
    if not isinstance(jail, str) or not isinstance(id, str) or not jail or not id:
        return None
    return time, jail, id


def to_observation(host: str, row: Row, data: BanData | None) -> Observation | None:
    """Return the ban that a row tells of, None for what is no ban; `data` is None where it could not be read.

    The count is fail2ban's own: in a jail without `bantime.increment` it is always 1.
    """
    told = told_by(row)
    if told is None:
        return None
    time, jail, id = told
    known = data or BanData()
    return Observation(
        host=host,
        jail=jail,
        id=id,
        kind=EventKind.BAN,
        time=time * 1000,
        source=Source.DATABASE,
        origin=Origin.HAND if known.failures == 0 and not known.lines else Origin.FILTER,
        duration=duration_of(row.duration, time),
        count=_count(row.ban_count),
        failures=known.failures,
        lines=known.lines,
    )


def duration_of(value: object, start: int) -> int | None:
    """Return a ban time in whole seconds; -2 is what an upgraded database holds for bans of before.

    A ban beyond the year 9999 has no end: the daemon itself lists it like that.
    """
    seconds = _whole(value)
    if seconds is None or seconds < PERMANENT:
        return None
    return seconds if seconds <= _LAST_SECOND - start else PERMANENT


def _count(value: object) -> int | None:
    count = _whole(value)
    return count if count is not None and 1 <= count <= _LARGEST_COUNT else None


def _whole(value: object) -> int | None:
    # Ban times that grow by a formula of one's own are no whole numbers.
    if isinstance(value, float):
        return int(value) if math.isfinite(value) else None
    return value if isinstance(value, int) else None
