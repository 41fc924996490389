"""The history put together for a command: opened for reading, or for writing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bangui.adapters.geo.finder import GeoFinder, open_place_finder
from bangui.adapters.sql.engine import open_engine
from bangui.adapters.sql.migrate import check, migrate
from bangui.adapters.sql.reader import SqlHistoryReader
from bangui.adapters.sql.timed_bans import SqlTimedBans
from bangui.adapters.sql.writer import SqlHistoryWriter
from bangui.domain.history_ports import HistoryReader, HistoryWriter
from bangui.domain.timed_bans import TimedBanStore


@contextmanager
def open_history(location: str) -> Iterator[HistoryReader]:
    """Open the history at a path or URL for reading, until the block ends; raises `StoreError` where there is none."""
    engine = open_engine(location, read_only=True)
    try:
        check(engine)
        yield SqlHistoryReader(engine)
    finally:
        engine.dispose()


@contextmanager
def open_writer(location: str, data: str, *, is_made: bool) -> Iterator[HistoryWriter]:
    """Open the history for writing, until the block ends; one that is missing is made where `is_made` says so."""
    if not is_made:
        with open_history(location):
            pass
    engine = open_engine(location)
    try:
        migrate(engine)
        yield SqlHistoryWriter(engine, open_places(data))
    finally:
        engine.dispose()


@contextmanager
def open_timed_bans(location: str) -> Iterator[TimedBanStore]:
    """Open the timed bans beside a history until the block ends; raises `StoreError` where there is none."""
    engine = open_engine(location)
    try:
        check(engine)
        yield SqlTimedBans(engine)
    finally:
        engine.dispose()


def open_places(data: str) -> GeoFinder:
    """Open what is known about addresses: the data of the user in the folder of data, and that of BanGUI."""
    return open_place_finder(Path(data) / "geo")
