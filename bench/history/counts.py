"""The counts of a history, made from its events by SQL: the shortest grain from the events, longer ones from that."""

from __future__ import annotations

import sqlite3
from itertools import pairwise

from bangui.adapters.sql.schema import FOLD, GRAINS, GRAINS_OF_KINDS, KIND_CODES, Grain, RollupKey
from bangui.domain.history import EventKind

_HOUR = 3_600_000
_DAYS_UNFOLDED = 2
"""The writer waits so many days before it puts a day into its week."""
_NEVER = 1 << 40
_BAN, _FAILURE = KIND_CODES[EventKind.BAN], KIND_CODES[EventKind.FAILURE]
_LETTERS = "256 * unicode(e.country) + unicode(substr(e.country, 2))"
_KEYS = {
    RollupKey.JAIL: "0",
    RollupKey.COUNTRY: f"CASE WHEN e.country IS NULL THEN 0 ELSE {_LETTERS} END",
    RollupKey.NETWORK: "coalesce(e.network, 0)",
    RollupKey.SUBNET: "s.subnet",
    RollupKey.ID: "e.id",
}


def fill_counts(connection: sqlite3.Connection) -> None:
    """Fill `rollups`, `kind_counts` and `folds` from `events`, and a table `subnets` of ids."""
    oldest, newest = connection.execute("SELECT min(time), max(time) FROM events").fetchone()
    first, last = oldest // (_HOUR * Grain.DAY), newest // (_HOUR * Grain.DAY)
    days = max(last - _DAYS_UNFOLDED, first)
    folded = {Grain.WEEK: days, Grain.SEASON: max(days // FOLD, first // FOLD)}
    for grain, until in folded.items():
        connection.execute("INSERT INTO folds (grain, until) VALUES (?, ?)", (int(grain), until))
    for by in RollupKey:
        _count_by(connection, by, folded)
    _count_kinds(connection, folded)


def _count_by(connection: sqlite3.Connection, by: RollupKey, folded: dict[Grain, int]) -> None:
    shortest, *_ = grains = GRAINS[by]
    connection.execute(
        f"INSERT INTO rollups SELECT {int(by)}, {int(shortest)}, e.time / {_HOUR * shortest} AS start, {_KEYS[by]} AS "
        f"keyed, e.jail, e.host, sum(e.kind = {_BAN}), sum(e.kind = {_FAILURE}) FROM events e "
        f"{'JOIN subnets s ON s.id = e.id' if by is RollupKey.SUBNET else ''} "
        f"WHERE e.kind IN ({_BAN}, {_FAILURE}) AND keyed IS NOT NULL GROUP BY start, keyed, e.jail, e.host"
    )
    for grain, longer in pairwise(grains):
        connection.execute(
            f"INSERT INTO rollups SELECT {int(by)}, {int(longer)}, start / {longer // grain} AS longer, key, jail, "
            f'host, sum(bans), sum(failures) FROM rollups WHERE "by" = {int(by)} AND grain = {int(grain)} '
            f"AND start < {folded.get(longer, _NEVER)} GROUP BY longer, key, jail, host"
        )


def _count_kinds(connection: sqlite3.Connection, folded: dict[Grain, int]) -> None:
    connection.execute(
        f"INSERT INTO kind_counts SELECT kind, {int(Grain.HOUR)}, time / {_HOUR} AS start, jail, host, count(*) "
        "FROM events GROUP BY kind, start, jail, host"
    )
    for grain, longer in pairwise(GRAINS_OF_KINDS):
        connection.execute(
            f"INSERT INTO kind_counts SELECT kind, {int(longer)}, start / {longer // grain} AS longer, jail, host, "
            f"sum(events) FROM kind_counts WHERE grain = {int(grain)} AND start < {folded.get(longer, _NEVER)} "
            "GROUP BY kind, longer, jail, host"
        )
