from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from bench.history.stored import provide


def test_a_history_is_made_once_and_then_used_again(tmp_path: Path) -> None:
    first = provide(tmp_path, 3_000)
    second = provide(tmp_path, 3_000)

    assert first.seconds is not None
    assert second.seconds is None
    assert second.path == first.path
    assert second.later == first.later


def test_what_comes_later_is_later_and_everybody_in_it_has_a_place(tmp_path: Path) -> None:
    stored = provide(tmp_path, 3_000)
    with closing(sqlite3.connect(stored.path)) as connection:
        (last,) = connection.execute("SELECT max(time) FROM events").fetchone()

    times = [one.time for one in stored.later.observations]
    assert times == sorted(times)
    assert times[0] > last
    assert {one.id for one in stored.later.observations} <= stored.later.places.keys()


def test_a_copy_may_be_written_to_and_is_gone_afterwards(tmp_path: Path) -> None:
    stored = provide(tmp_path, 3_000)
    before = stored.path.read_bytes()

    with stored.copy() as copy:
        connection = sqlite3.connect(copy)
        connection.execute("DELETE FROM events")
        connection.commit()
        connection.close()

    assert not copy.exists()
    assert stored.path.read_bytes() == before


def test_an_old_history_of_the_same_size_makes_room_for_the_new_one(tmp_path: Path) -> None:
    old = tmp_path / "history-3000-0123456789ab.sqlite3"
    other = tmp_path / "history-30000-0123456789ab.sqlite3"
    old.touch()
    other.touch()

    provide(tmp_path, 3_000)

    assert not old.exists()
    assert other.exists()
