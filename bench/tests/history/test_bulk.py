"""What is made in bulk, against what the writer records of the same attacks."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from itertools import islice
from pathlib import Path

from bangui.adapters.sql.engine import open_engine
from bangui.adapters.sql.migrate import migrate
from bangui.adapters.sql.writer import SqlHistoryWriter
from bangui.domain.history import Batch
from bench.history.attacks import HOST, START, Attacks
from bench.history.bulk import fill
from bench.history.observed import Places, observation_of, places_of

DAYS = 150
EVENTS = 6_000

# Everything that is kept, by names instead of numbers, which come in another order.
EVENTS_QUERY = """
    SELECT e.time, i.text, j.name, h.name, e.kind, e.ordinal, e.origin, e.sources, e.logged, e.duration, e.count,
        e.failures, e.country, e.network, l.count, l.packed, l.number >> 21
    FROM events e JOIN ids i ON i.number = e.id JOIN jails j ON j.number = e.jail JOIN hosts h ON h.number = e.host
    LEFT JOIN lines l ON l.number = e.lines ORDER BY 1, 2, 3, 4, 5, 6
"""
IDS_QUERY = """
    SELECT text, key, prefix, country, network, bans, failures, events, first, last, moved FROM ids ORDER BY text
"""
ROLLUPS_QUERY = """
    SELECT r."by", r.grain, r.start, CASE WHEN r."by" = 4 THEN i.text ELSE r.key END, j.name, h.name, r.bans, r.failures
    FROM rollups r JOIN jails j ON j.number = r.jail JOIN hosts h ON h.number = r.host
    LEFT JOIN ids i ON i.number = r.key ORDER BY 1, 2, 3, 4, 5
"""
KINDS_QUERY = """
    SELECT k.kind, k.grain, k.start, j.name, h.name, k.events
    FROM kind_counts k JOIN jails j ON j.number = k.jail JOIN hosts h ON h.number = k.host ORDER BY 1, 2, 3, 4
"""
FOLDS_QUERY = "SELECT grain, until FROM folds ORDER BY grain"
LINE_BYTES_QUERY = "SELECT value FROM counters WHERE name = 'line bytes'"
WORDS_QUERY = "SELECT rowid >> 21 FROM line_words WHERE line_words MATCH 'oracle' ORDER BY 1"


def _record(path: Path) -> None:
    attacks = Attacks(EVENTS, DAYS)
    engine = open_engine(str(path))
    migrate(engine)
    happened = [one for day in attacks for one in day]
    writer = SqlHistoryWriter(engine, Places(places_of(attacks, happened)), lambda: START + 86_400 * (DAYS + 1))
    for start in range(0, len(happened), 500):
        writer.record(Batch(HOST, [observation_of(attacks, one) for one in happened[start : start + 500]]))
    # Days that are over are folded bit by bit, as the last of what happened is seen again.
    for _ in range(50):
        writer.record(Batch(HOST, [observation_of(attacks, happened[-1])]))
    engine.dispose()


def test_a_history_made_in_bulk_is_what_the_writer_would_have_recorded(tmp_path: Path) -> None:
    made, recorded = tmp_path / "made", tmp_path / "recorded"
    attacks = Attacks(EVENTS, DAYS)
    count = fill(made, attacks, attacks)
    _record(recorded)

    with closing(sqlite3.connect(made)) as ours, closing(sqlite3.connect(recorded)) as theirs:
        assert ours.execute("SELECT count(*) FROM events").fetchone() == (count,)
        queries = (EVENTS_QUERY, IDS_QUERY, KINDS_QUERY, ROLLUPS_QUERY, FOLDS_QUERY, LINE_BYTES_QUERY, WORDS_QUERY)
        for query in queries:
            wanted = theirs.execute(query).fetchall()
            assert wanted
            assert ours.execute(query).fetchall() == wanted
        schema = "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY 1, 2"
        assert ours.execute(schema).fetchall() == theirs.execute(schema).fetchall()


def test_the_same_attacks_are_made_every_time() -> None:
    first, second = (list(islice(Attacks(2_000, 20), 5)) for _ in range(2))

    assert first == second
