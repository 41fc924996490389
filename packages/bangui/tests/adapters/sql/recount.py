"""Everything that is counted while events are written, counted again from the events."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import Engine, select, text

from bangui.adapters.sql.counters import LINE_BYTES
from bangui.adapters.sql.engine import is_sqlite, reading, writing
from bangui.adapters.sql.id_keys import country_key, id_key
from bangui.adapters.sql.lines import unpack
from bangui.adapters.sql.schema import (
    FOLD,
    GRAINS,
    GRAINS_OF_KINDS,
    KIND_CODES,
    Grain,
    RollupKey,
    counters,
    events,
    folds,
    ids,
    kind_counts,
    line_words,
    lines,
    notes,
    rollups,
)
from bangui.adapters.sql.words import words_of_all
from bangui.domain.history import EventKind

_HOUR = 3_600_000
_COUNTED = {KIND_CODES[EventKind.BAN]: 0, KIND_CODES[EventKind.FAILURE]: 1}


def assert_everything_agrees(engine: Engine) -> None:
    """Check that all counts are those of the events, and that no row refers to one that is not there."""
    with reading(engine) as connection:
        stored = list(connection.execute(select(events)))
        of_ids = {row.number: row for row in connection.execute(select(ids))}
        until = {row.grain: row.until for row in connection.execute(select(folds))}
        counted = {tuple(row) for row in connection.execute(select(rollups))}
        kinds = {tuple(row) for row in connection.execute(select(kind_counts))}
        kept_lines = {row.number: row for row in connection.execute(select(lines))}
        noted = {row.number: row.id for row in connection.execute(select(notes))}
        sums = {row.name: row.value for row in connection.execute(select(counters))}
    complete = {Grain.HOUR: 1 << 40, Grain.DAY: 1 << 40}
    complete |= {Grain(grain): value for grain, value in until.items()}
    assert counted == _rollups(stored, of_ids, complete)
    assert kinds == _kinds(stored, complete)
    _check_ids(stored, of_ids, noted)
    assert {row.lines: row.number for row in stored if row.lines is not None} == {
        number: row.event for number, row in kept_lines.items()
    }
    assert sum(len(row.packed) for row in kept_lines.values()) == sums.get(LINE_BYTES, 0)
    assert {row.note for row in stored if row.note is not None} <= noted.keys()
    _check_words(engine, {number: unpack(bytes(row.packed)) for number, row in kept_lines.items()})


def _is_folded(grain: Grain, time: int, complete: dict[Grain, int]) -> bool:
    """Whether an event is counted in a grain: weeks hold the days before `folds.until`, seasons the weeks."""
    day = time // _HOUR // Grain.DAY
    if grain is Grain.WEEK:
        return day < complete.get(Grain.WEEK, 0)
    if grain is Grain.SEASON:
        return day < complete.get(Grain.WEEK, 0) and day // FOLD < complete.get(Grain.SEASON, 0)
    return True


def _rollups(stored: list[Any], of_ids: dict[int, Any], complete: dict[Grain, int]) -> set[tuple[int, ...]]:
    counts: dict[tuple[int, ...], list[int]] = {}
    for row in stored:
        if row.kind not in _COUNTED:
            continue
        key = id_key(of_ids[row.id].text)
        keys = {
            RollupKey.JAIL: 0,
            RollupKey.COUNTRY: country_key(row.country),
            RollupKey.NETWORK: row.network or 0,
            RollupKey.SUBNET: key.subnet if key else None,
            RollupKey.ID: row.id,
        }
        for by, grains in GRAINS.items():
            for grain in grains:
                if keys[by] is not None and _is_folded(grain, row.time, complete):
                    start = row.time // _HOUR // grain
                    count = counts.setdefault((int(by), int(grain), start, keys[by], row.jail, row.host), [0, 0])
                    count[_COUNTED[row.kind]] += 1
    return {(*key, *count) for key, count in counts.items()}


def _kinds(stored: list[Any], complete: dict[Grain, int]) -> set[tuple[int, ...]]:
    counts = Counter(
        (row.kind, int(grain), row.time // _HOUR // grain, row.jail, row.host)
        for row in stored
        for grain in GRAINS_OF_KINDS
        if _is_folded(grain, row.time, complete)
    )
    return {(*key, count) for key, count in counts.items()}


def _check_ids(stored: list[Any], of_ids: dict[int, Any], noted: dict[int, int]) -> None:
    by_id: dict[int, list[Any]] = {}
    for row in stored:
        by_id.setdefault(row.id, []).append(row)
    assert by_id.keys() <= of_ids.keys()
    assert of_ids.keys() <= by_id.keys() | set(noted.values())
    for number, rows in by_id.items():
        own = of_ids[number]
        kinds = Counter(row.kind for row in rows)
        assert (own.bans, own.failures, own.events) == (kinds[1], kinds[2], len(rows)), own.text
        assert (own.first, own.last) == (min(row.time for row in rows), max(row.time for row in rows)), own.text
        assert own.moved or all((row.country, row.network) == (own.country, own.network) for row in rows)


def _check_words(engine: Engine, texts: dict[int, tuple[str, ...]]) -> None:
    """Every word finds the lines that it is in, and no others; a word that is nowhere finds nothing."""
    words: dict[str, set[int]] = {}
    for number, own in texts.items():
        for word in words_of_all(own):
            words.setdefault(word, set()).add(number)
    with reading(engine) as connection:
        if is_sqlite(engine):
            for word, numbers in words.items():
                query = text("SELECT rowid FROM line_words WHERE line_words MATCH :word")
                assert set(connection.execute(query, {"word": f'"{word}"'}).scalars()) == numbers
            connection.exec_driver_sql("INSERT INTO line_words(line_words) VALUES('integrity-check')")
        else:
            rows = connection.execute(select(line_words.c.number, text("tsvector_to_array(words)")))
            stored = {number: set(own) for number, own in rows}
            assert stored == {number: set(words_of_all(own)) for number, own in texts.items()}


def empty(engine: Engine) -> None:
    """Make a used history an empty one, as no process may; numbers are never used again even then."""
    with writing(engine) as connection:
        for table in ("ids", "events", "rollups", "kind_counts", "folds", "notes", "lines", "settings"):
            connection.execute(text(f"DELETE FROM {table}"))
        connection.execute(text("DELETE FROM counters WHERE name = 'line bytes'"))
        if is_sqlite(engine):
            connection.execute(text("INSERT INTO line_words(line_words) VALUES('delete-all')"))
        else:
            connection.execute(text("DELETE FROM line_words"))
