from __future__ import annotations

from pathlib import Path

import pytest

from bangui.domain.history import Batch
from bangui.domain.history_ports import StoreError, StoreTrouble
from bangui.domain.history_queries import Search
from bangui.runtime.history import open_history, open_places, open_writer
from packages.bangui.tests.filled_history import ban


def test_a_history_that_is_not_there_is_said_to_be_missing_and_not_made(tmp_path: Path) -> None:
    place = tmp_path / "history.sqlite3"
    with pytest.raises(StoreError) as missing, open_history(str(place)):
        raise AssertionError("opened")
    assert missing.value.trouble is StoreTrouble.MISSING
    with pytest.raises(StoreError) as missing, open_writer(str(place), str(tmp_path), is_made=False):
        raise AssertionError("opened")
    assert missing.value.trouble is StoreTrouble.MISSING
    assert list(tmp_path.iterdir()) == []


def test_what_is_written_can_be_read_and_only_by_its_owner(tmp_path: Path) -> None:
    place = tmp_path / "data" / "history.sqlite3"
    with open_writer(str(place), str(tmp_path), is_made=True) as writer:
        writer.record(Batch("memory", [ban("8.8.8.8", 5)]))
    with open_history(str(place)) as reader:
        (event,) = reader.search(Search()).events
    assert (event.id, event.country, event.network) == ("8.8.8.8", "US", 15169)
    assert place.stat().st_mode & 0o777 == 0o600
    assert place.parent.stat().st_mode & 0o777 == 0o700


def test_places_come_from_the_data_that_is_there(tmp_path: Path) -> None:
    assert {source.what for source in open_places(str(tmp_path)).sources()} == {"country", "network"}
