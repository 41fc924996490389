"""A cursor is kept by host and source, in the words of its source."""

from __future__ import annotations

from bangui.domain.history import Batch
from packages.bangui.tests.adapters.sql.conftest import Store


def test_hosts_do_not_share_cursors(store: Store) -> None:
    store.writer.record(Batch("here", cursors={"log": '{"inode": 7, "offset": 9}'}))
    store.writer.record(Batch("there", cursors={"log": "other"}))
    assert store.writer.cursor("here", "log") == '{"inode": 7, "offset": 9}'
    assert store.writer.cursor("there", "log") == "other"
    assert store.writer.cursor("there", "journal") is None
