"""What a transaction adds to the counts, and takes away from them: `rollups`, `kind_counts` and the counters of `ids`.

Events are counted here in Python, by hour and id, and from that by everything else, so that each row of the tables is
touched once in a transaction. A count that becomes nothing has no row. The first and the last time of an id are those
of its events: where one of them went away they are read from the events, so events are written before counts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Table, Update, bindparam, case, func, literal_column, or_, select, update

from bangui.adapters.sql.names import Id, NewId
from bangui.adapters.sql.schema import (
    FOLD,
    KIND_CODES,
    Grain,
    RollupKey,
    events,
    ids,
    kind_counts,
    rollups,
)
from bangui.adapters.sql.statements import Statement, Statements, Transaction
from bangui.domain.history import EventKind

HOUR = 3_600_000
DAY = int(Grain.DAY)
_BY_JAIL, _BY_COUNTRY, _BY_NETWORK, _BY_SUBNET, _BY_ID = map(int, RollupKey)
# Bans and failures have the first two numbers, others are in no rollup.
_NONE: Mapping[int, NewId] = {}
FAILURE_CODE = KIND_CODES[EventKind.FAILURE]

CountKey = tuple[int, int, int, int, Id]
"""Kind, hour, jail, host, id."""
_RollupKey = tuple[int, int, int, int, int]
"""By, start, key, jail, host."""
_KindKey = tuple[int, int, int, int]
"""Kind, start, jail, host."""
_OfIds = dict[tuple[int, int, int], dict[Id, list[int]]]
"""Bans and failures of ids, by day, jail, host."""


class StaleNames(Exception):
    """An id that was remembered has no row any more."""


@dataclass(frozen=True, slots=True)
class Folded:
    """How far days are in weeks and weeks in seasons, as `schema.folds` says."""

    weeks: int = 0
    seasons: int = 0


class Tally:
    """What is counted within one transaction.

    By the number of an id: `first` and `last` are the times of events that are added, `lost` are those that have lost
    events, and `noted` is when an id was noted, which may have no events.
    """

    def __init__(self) -> None:
        self.counts: Counter[CountKey] = Counter()
        self.first: dict[int, int] = {}
        self.last: dict[int, int] = {}
        self.lost: set[int] = set()
        self.noted: dict[int, int] = {}

    def add(self, keys: Sequence[CountKey], times: Sequence[int]) -> None:
        """Count events that are new, given in the order of their times."""
        self.counts.update(keys)
        numbers = [key[4].number for key in keys]
        last = dict(zip(numbers, times, strict=True))
        numbers.reverse()
        first = dict(zip(numbers, reversed(times), strict=True))
        for number, time in first.items():
            self.first[number] = min(time, self.first.get(number, time))
            self.last[number] = max(last[number], self.last.get(number, time))

    def remove(self, keys: Iterable[CountKey]) -> None:
        """Take events away that are gone."""
        for key in keys:
            self.counts[key] -= 1
            self.lost.add(key[4].number)


class TallyTable:
    """The statements that write a tally."""

    def __init__(self, statements: Statements) -> None:
        self._add_rollup = statements.adding(rollups, "bans", "failures")
        self._drop_rollup = _dropping(statements, rollups, "bans", "failures")
        self._add_kind = statements.adding(kind_counts, "events")
        self._drop_kind = _dropping(statements, kind_counts, "events")
        self._insert_id = statements.many(statements.inserting(ids))
        self._update_id = statements.many(
            _count_id(statements), ("bans_", "failures_", "events_", "first_", "last_", "number_")
        )
        self._time_id = statements.compile(_time_id(), ("number_",))
        self._place_id = statements.compile(
            update(ids)
            .where(ids.c.number == bindparam("number_"))
            .values(country=bindparam("country_"), network=bindparam("network_"), moved=1),
            ("country_", "network_", "number_"),
        )

    def write(
        self,
        transaction: Transaction,
        tally: Tally,
        folded: Folded,
        new_ids: Mapping[int, NewId] = _NONE,
        moved_ids: Iterable[Id] = (),
    ) -> None:
        """Write a tally; raises `StaleNames` where the row of an id is gone."""
        self._write_ids(transaction, tally, new_ids)
        transaction.run(self._place_id, [(id.country, id.network, id.number) for id in moved_ids])
        transaction.run(self._time_id, [(number,) for number in sorted(tally.lost)])
        hours, days = _by_kind(tally.counts)
        self._write_kinds(transaction, hours, folded)
        self._write_rollups(transaction, hours, days, folded)

    def _write_ids(self, transaction: Transaction, tally: Tally, new: Mapping[int, NewId]) -> None:
        # An id that was only noted is looked for as well.
        counts: dict[int, list[int]] = {number: [0, 0, 0] for number in tally.noted}
        fresh: list[tuple[object, ...]] = []
        for (kind, _, _, _, id), times in tally.counts.items():
            row = counts.setdefault(id.number, [0, 0, 0])
            row[2] += times
            if kind <= FAILURE_CODE:
                row[kind - 1] += times
        for made in new.values():
            of = made.id
            key, prefix = (made.key.key, made.key.prefix) if made.key else (None, None)
            noted = tally.noted.get(of.number, 0)
            seen = tally.first.get(of.number, noted), tally.last.get(of.number, noted)
            own = counts.pop(of.number, [0, 0, 0])
            fresh.append((of.number, of.text, key, prefix, of.country, of.network, *own, *seen, 0))
        transaction.run(self._insert_id, fresh)
        first, last = tally.first, tally.last
        known = [(*counts[number], first.get(number), last.get(number), number) for number in sorted(counts)]
        if transaction.run(self._update_id, known) != len(known):
            raise StaleNames

    def _write_kinds(self, transaction: Transaction, hours: dict[_KindKey, int], folded: Folded) -> None:
        days: dict[_KindKey, int] = defaultdict(int)
        for (kind, hour, jail, host), number in hours.items():
            days[kind, hour // DAY, jail, host] += number
        weeks: dict[_KindKey, int] = defaultdict(int)
        for (kind, day, jail, host), number in days.items():
            if day < folded.weeks:
                weeks[kind, day // FOLD, jail, host] += number
        seasons: dict[_KindKey, int] = defaultdict(int)
        for (kind, week, jail, host), number in weeks.items():
            if week < folded.seasons:
                seasons[kind, week // FOLD, jail, host] += number
        levels = ((Grain.HOUR, hours), (Grain.DAY, days), (Grain.WEEK, weeks), (Grain.SEASON, seasons))
        rows = [
            (kind, int(grain), start, jail, host, number)
            for grain, level in levels
            for (kind, start, jail, host), number in level.items()
            if number
        ]
        transaction.run(self._add_kind, sorted(rows))
        transaction.run(self._drop_kind, [row[:-1] for row in rows if row[-1] < 0])

    def _write_rollups(
        self,
        transaction: Transaction,
        kinds: dict[_KindKey, int],
        of_ids: _OfIds,
        folded: Folded,
    ) -> None:
        hours: dict[_RollupKey, list[int]] = {}
        for (kind, hour, jail, host), number in kinds.items():
            if kind <= FAILURE_CODE:
                hours.setdefault((_BY_JAIL, hour, 0, jail, host), [0, 0])[kind - 1] += number
        days = _by_all_keys(of_ids)
        weeks = _folded({key: counts for key, counts in days.items() if key[1] < folded.weeks})
        seasons = _folded({key: counts for key, counts in weeks.items() if key[1] < folded.seasons})
        levels = ((Grain.HOUR, hours), (Grain.DAY, days), (Grain.WEEK, weeks), (Grain.SEASON, seasons))
        rows = [
            (by, int(grain), start, key, jail, host, bans, failures)
            for grain, level in levels
            for (by, start, key, jail, host), (bans, failures) in level.items()
            if bans or failures
        ]
        transaction.run(self._add_rollup, sorted(rows))
        transaction.run(self._drop_rollup, [row[:-2] for row in rows if row[-2] < 0 or row[-1] < 0])


def _by_kind(counts: Counter[CountKey]) -> tuple[dict[_KindKey, int], _OfIds]:
    """Return counts by kind and hour, and the bans and failures of each id by day, jail and host."""
    hours: dict[_KindKey, int] = defaultdict(int)
    days: _OfIds = defaultdict(dict)
    for (kind, hour, jail, host, id), number in counts.items():
        hours[kind, hour, jail, host] += number
        if kind <= FAILURE_CODE:
            of_ids = days[hour // DAY, jail, host]
            row = of_ids.get(id)
            if row is None:
                of_ids[id] = row = [0, 0]
            row[kind - 1] += number
    return hours, days


def _by_all_keys(days: _OfIds) -> dict[_RollupKey, list[int]]:
    """Return bans and failures by everything that a rollup can be by, for whole days."""
    counts: dict[_RollupKey, list[int]] = {}
    for (day, jail, host), of_ids in days.items():
        by = {what: _Sums() for what in (_BY_JAIL, _BY_COUNTRY, _BY_NETWORK, _BY_SUBNET, _BY_ID)}
        jails, countries, networks, subnets, ids = by.values()
        for id, row in of_ids.items():
            jails.add(0, row)
            countries.add(id.country_key, row)
            networks.add(id.network or 0, row)
            ids.add(id.number, row)
            if id.subnet is not None:
                subnets.add(id.subnet, row)
        counts |= {(what, day, key, jail, host): row for what, sums in by.items() for key, row in sums.items()}
    return counts


class _Sums(dict[int, list[int]]):
    """Bans and failures by one key."""

    def add(self, key: int, row: list[int]) -> None:
        known = self.get(key)
        if known is None:
            self[key] = row.copy()
        else:
            known[0] += row[0]
            known[1] += row[1]


def _folded(level: dict[_RollupKey, list[int]]) -> dict[_RollupKey, list[int]]:
    """Return the counts of the next larger grain."""
    larger: dict[_RollupKey, list[int]] = {}
    for (by, start, key, jail, host), (bans, failures) in level.items():
        row = larger.setdefault((by, start // FOLD, key, jail, host), [0, 0])
        row[0] += bans
        row[1] += failures
    return larger


def _dropping(statements: Statements, table: Table, *counts: str) -> Statement:
    """Return what takes away a row that counts nothing any more."""
    keys = [column.name for column in table.primary_key]
    conditions = [table.c[name] == bindparam(f"{name}_") for name in keys]
    nothing = [table.c[name] == 0 for name in counts]
    return statements.compile(table.delete().where(*conditions, *nothing), [f"{name}_" for name in keys])


def _count_id(statements: Statements) -> Update:
    names = ("bans", "failures", "events", "first", "last", "number")
    given = statements.values({f"{name}_": ids.c[name].type for name in names})
    first, last = given["first_"], given["last_"]
    is_new = ids.c.events == literal_column("0")
    return (
        update(ids)
        .where(ids.c.number == given["number_"])
        .values(
            bans=ids.c.bans + given["bans_"],
            failures=ids.c.failures + given["failures_"],
            events=ids.c.events + given["events_"],
            first=case((or_(is_new, ids.c.first > first), func.coalesce(first, ids.c.first)), else_=ids.c.first),
            last=case((or_(is_new, ids.c.last < last), func.coalesce(last, ids.c.last)), else_=ids.c.last),
        )
    )


def _time_id() -> Update:
    """Read the times of an id from its events."""
    of_id = select(events.c.time).where(events.c.id == ids.c.number)
    first = of_id.order_by(events.c.time).limit(1).scalar_subquery()
    last = of_id.order_by(events.c.time.desc()).limit(1).scalar_subquery()
    return (
        update(ids)
        .where(ids.c.number == bindparam("number_"))
        .values(first=func.coalesce(first, ids.c.first), last=func.coalesce(last, ids.c.last))
    )
