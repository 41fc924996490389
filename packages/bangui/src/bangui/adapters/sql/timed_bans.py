"""Timed bans in the database.

What is kept here lets somebody in again, or keeps them out, so each commit waits for the disk.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Engine, Row, bindparam, delete, func, insert, select, update

from bangui.adapters.sql.accounts_transactions import lasting
from bangui.adapters.sql.engine import reading, writing
from bangui.adapters.sql.storable import LONGEST_ID, LONGEST_NAME, storable_text, storable_time
from bangui.adapters.sql.timed_bans_schema import timed_bans, watched_hosts
from bangui.domain.timed_bans import TimedBan, TimedKey

_LONGEST_AUTHOR = 200
_LONGEST_REASON = 2_000
_LONGEST_DAEMON = 200
# Below the number of parameters that every SQLite allows in one statement.
_KEYS_AT_ONCE = 500

_IS_ABOUT = tuple(timed_bans.c[name] == bindparam(f"old_{name}") for name in ("host", "jail", "id"))
_IS_UNCHANGED = tuple(timed_bans.c[name] == bindparam(f"old_{name}") for name in ("ends", "asked"))


class SqlTimedBans:
    """The timed bans; see `bangui.domain.timed_bans.TimedBanStore`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = lasting(engine)

    def put(self, bans: Sequence[TimedBan]) -> None:
        """Keep these bans, each in place of the one of the same host, jail and id."""
        if bans:
            with writing(self._engine) as connection:
                connection.execute(delete(timed_bans).where(*_IS_ABOUT), [_old(ban) for ban in bans])
                connection.execute(insert(timed_bans), [_row(ban) for ban in bans])

    def move(self, steps: Sequence[tuple[TimedBan, TimedBan | None]]) -> None:
        """Put another value in the place of each ban, or forget it; what was put there meanwhile stays."""
        gone = [_old(before) for before, after in steps if after is None]
        moved = [{**_old(before), **_row(after)} for before, after in steps if after is not None]
        with writing(self._engine) as connection:
            if gone:
                connection.execute(delete(timed_bans).where(*_IS_ABOUT, *_IS_UNCHANGED), gone)
            if moved:
                connection.execute(update(timed_bans).where(*_IS_ABOUT, *_IS_UNCHANGED), moved)

    def forget(self, host: str, keys: Sequence[TimedKey]) -> None:
        """Forget bans."""
        if keys:
            with writing(self._engine) as connection:
                connection.execute(delete(timed_bans).where(*_IS_ABOUT), [_about(host, key) for key in keys])

    def find(self, host: str, keys: Sequence[TimedKey]) -> Mapping[TimedKey, TimedBan]:
        """Return those of the bans that are kept."""
        found: dict[TimedKey, TimedBan] = {}
        with reading(self._engine) as connection:
            for jail, ids in _parts(keys):
                query = select(timed_bans).where(
                    timed_bans.c.host == storable_text(host, LONGEST_NAME),
                    timed_bans.c.jail == storable_text(jail, LONGEST_NAME),
                    timed_bans.c.id.in_(ids),
                )
                found.update((ban.key, ban) for ban in map(_ban, connection.execute(query)))
        return found

    def due(self, host: str, now: int, at_most: int) -> Sequence[TimedBan]:
        """Return bans to look at now, the longest overdue first."""
        query = (
            select(timed_bans)
            .where(timed_bans.c.host == storable_text(host, LONGEST_NAME), timed_bans.c.look_at <= now)
            .order_by(timed_bans.c.look_at, timed_bans.c.jail, timed_bans.c.id)
            .limit(at_most)
        )
        with reading(self._engine) as connection:
            return [_ban(row) for row in connection.execute(query)]

    def next_look(self, host: str) -> int | None:
        """Return when the next ban is to be looked at; None where there is none."""
        query = select(func.min(timed_bans.c.look_at)).where(timed_bans.c.host == storable_text(host, LONGEST_NAME))
        with reading(self._engine) as connection:
            found: int | None = connection.execute(query).scalar()
        return found

    def watch(self, host: str, now: int) -> None:
        """Note that somebody looks after the bans of a host."""
        name = storable_text(host, LONGEST_NAME)
        with writing(self._engine) as connection:
            connection.execute(delete(watched_hosts).where(watched_hosts.c.host == name))
            connection.execute(insert(watched_hosts).values(host=name, seen=storable_time(now)))

    def last_watch(self, host: str) -> int | None:
        """Return when somebody last did."""
        query = select(watched_hosts.c.seen).where(watched_hosts.c.host == storable_text(host, LONGEST_NAME))
        with reading(self._engine) as connection:
            found: int | None = connection.execute(query).scalar()
        return found


def _parts(keys: Sequence[TimedKey]) -> Iterator[tuple[str, list[str]]]:
    """Yield the ids of each jail, so many at once."""
    by_jail: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        by_jail[key.jail].append(storable_text(key.id, LONGEST_ID))
    for jail, ids in by_jail.items():
        for start in range(0, len(ids), _KEYS_AT_ONCE):
            yield jail, ids[start : start + _KEYS_AT_ONCE]


def _about(host: str, key: TimedKey) -> dict[str, Any]:
    return {
        "old_host": storable_text(host, LONGEST_NAME),
        "old_jail": storable_text(key.jail, LONGEST_NAME),
        "old_id": storable_text(key.id, LONGEST_ID),
    }


def _old(ban: TimedBan) -> dict[str, Any]:
    return {**_about(ban.host, ban.key), "old_ends": storable_time(ban.ends), "old_asked": storable_time(ban.asked)}


def _row(ban: TimedBan) -> dict[str, Any]:
    return {
        "host": storable_text(ban.host, LONGEST_NAME),
        "jail": storable_text(ban.jail, LONGEST_NAME),
        "id": storable_text(ban.id, LONGEST_ID),
        "ends": storable_time(ban.ends),
        "asked": storable_time(ban.asked),
        "look_at": storable_time(ban.look_at),
        "start": None if ban.start is None else storable_time(ban.start),
        "lets_go": None if ban.lets_go is None else storable_time(ban.lets_go),
        "is_expected": int(ban.is_expected),
        "missed": None if ban.missed is None else storable_time(ban.missed),
        "daemon": storable_text(ban.daemon, _LONGEST_DAEMON),
        "counted": ban.counted,
        "author": storable_text(ban.author, _LONGEST_AUTHOR),
        "reason": storable_text(ban.reason, _LONGEST_REASON),
    }


def _ban(row: Row[Any]) -> TimedBan:
    return TimedBan(
        host=row.host,
        jail=row.jail,
        id=row.id,
        ends=row.ends,
        asked=row.asked,
        look_at=row.look_at,
        start=row.start,
        lets_go=row.lets_go,
        is_expected=bool(row.is_expected),
        missed=row.missed,
        daemon=row.daemon,
        counted=row.counted,
        author=row.author,
        reason=row.reason,
    )
