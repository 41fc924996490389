"""The history at ten million events: what a person waits for, what an event costs, and how fast the writer is."""

from __future__ import annotations

import os
import random
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

from bangui.adapters.sql.engine import open_engine
from bangui.adapters.sql.migrate import migrate
from bangui.adapters.sql.reader import SqlHistoryReader
from bangui.adapters.sql.writer import SqlHistoryWriter
from bangui.domain.history import Batch
from bangui.domain.history_ports import HistoryReader
from bench.budgets import Verdict, at_most
from bench.effort import Effort
from bench.history.attacks import HOST, Attacks
from bench.history.observed import Places, observation_of, places_of
from bench.history.questions import Ask, Asker, Prepared, read_sample
from bench.history.stored import DAYS, Later, Stored, provide
from bench.setting import Finding
from bench.timings import Timing, Timings, measure_yardstick, percentile, timed

_CACHE = Path(__file__).resolve().parents[2] / ".cache" / "bench"
_SEED = 7
_BATCH = 5_000
_MOST_MILLISECONDS = 50
_MOST_BYTES = 300
_LEAST_RATE = 20_000
_OF_LINES = ("lines", "line_words")
_JUDGED = (
    "a query of the overview",
    "the overview of the last 24 hours",
    "a page of a search",
    "a top list",
    "an address's own history",
)


async def measure_history(effort: Effort, cache: Path = _CACHE) -> AsyncIterator[Finding]:
    """Ask a generated history questions, and let the writer go on with it."""
    stored = provide(cache, effort.history_events)
    if stored.seconds is None:
        print(f"\nthe history of {effort.history_events:,} events is there already", flush=True)
    else:
        print(f"\nmade a history of {effort.history_events:,} events in {stored.seconds:.0f} s", flush=True)
    timings = _ask_everything(stored, effort)
    yield timings
    of = f"{effort.history_events:,} events"
    for timing in timings.timings:
        if timing.name in _JUDGED:
            slow = percentile(timing.warm, 0.95) * 1000
            yield at_most(f"{of}: {timing.name}, 95 of 100 take", _MOST_MILLISECONDS, slow, " ms")
    yield _judge_room(effort)
    yield _judge_ingest(stored, effort)


def _ask_everything(stored: Stored, effort: Effort) -> Timings:
    chance = random.Random(_SEED)
    asker = Asker(read_sample(stored.path, chance), chance)
    kinds: dict[str, Callable[[], Ask]] = {
        "a query of the overview": asker.part_of_overview,
        "the overview of the last 24 hours": asker.overview,
        "a page of a search": asker.page_of_search,
        "a top list": asker.top_list,
        "an address's own history": asker.own_history,
        "how many a search finds": asker.count,
        "a top list of a place": asker.top_list_of_place,
    }
    questions = {name: [draw() for _ in range(effort.history_questions)] for name, draw in kinds.items()}
    cold = {
        name: [_ask_cold(stored.path, ask) for ask in asks[: effort.history_cold_questions]]
        for name, asks in questions.items()
    }
    _read_all(stored.path)
    with _reader(stored.path) as reader:
        warm = {name: [_ask_warm(reader, ask) for ask in asks] for name, asks in questions.items()}
    title = f"questions to a history of {effort.history_events:,} events on SQLite"
    return Timings(title, tuple(Timing(name, warm[name], cold[name]) for name in questions), measure_yardstick())


@contextmanager
def _reader(path: Path) -> Iterator[HistoryReader]:
    engine = open_engine(str(path), read_only=True)
    try:
        yield SqlHistoryReader(engine)
    finally:
        engine.dispose()


def _ask_warm(reader: HistoryReader, ask: Ask) -> float:
    """Ask what the kernel need not read from the disk, but SQLite has not read lately."""
    _prepare(reader, ask)
    return timed(lambda: ask(reader))


def _ask_cold(path: Path, ask: Ask) -> float:
    """Ask with nothing of the file in memory, and a new connection."""
    with _reader(path) as reader:
        _prepare(reader, ask)
    with path.open("rb") as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    with _reader(path) as reader:
        reader.jails()
        return timed(lambda: ask(reader))


def _prepare(reader: HistoryReader, ask: Ask) -> None:
    if isinstance(ask, Prepared):
        ask.prepare(reader)


def _read_all(path: Path) -> None:
    with path.open("rb", buffering=0) as file:
        while file.read(1 << 22):
            pass


def _judge_room(effort: Effort) -> Verdict:
    """Record a year of fewer events with the writer itself, and see what it takes on the disk."""
    attacks = Attacks(effort.history_recorded, DAYS)
    happened = [one for day in attacks for one in day]
    with tempfile.TemporaryDirectory(prefix="bangui-bench-") as folder:
        path = Path(folder) / "history.sqlite3"
        _record(path, Later([observation_of(attacks, one) for one in happened], places_of(attacks, happened)))
        bytes_an_event = _bytes_without_lines(path) / len(happened)
    return at_most("bytes of an event on disk, indexes included, matched lines aside", _MOST_BYTES, bytes_an_event)


def _judge_ingest(stored: Stored, effort: Effort) -> Verdict:
    with stored.copy() as path:
        _read_all(path)
        seconds = _record(path, stored.later)
    rate = len(stored.later.observations) / seconds
    budget = f"events a second that the writer records into a history of {effort.history_events:,}"
    return Verdict(budget, f"at least {_LEAST_RATE:,}", f"{rate:,.0f}", rate >= _LEAST_RATE)


def _record(path: Path, later: Later) -> float:
    """Record everything, and return the seconds that the writer took."""
    engine = open_engine(str(path))
    migrate(engine)
    writer = SqlHistoryWriter(engine, Places(later.places), lambda: later.observations[-1].time / 1000)
    seconds = 0.0
    for start in range(0, len(later.observations), _BATCH):
        seconds += timed(partial(writer.record, Batch(HOST, later.observations[start : start + _BATCH])))
    engine.dispose()
    return seconds


def _bytes_without_lines(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        sizes = dict(connection.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name"))
    return sum(size for name, size in sizes.items() if not name.startswith(_OF_LINES))
