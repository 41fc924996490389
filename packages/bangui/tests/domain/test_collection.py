from __future__ import annotations

from datetime import UTC, datetime

from bangui.domain.collection import CollectorState, SourceState

READ = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


def test_it_is_up_to_date_when_every_source_was_read_to_its_end() -> None:
    assert CollectorState("web1", (SourceState("log", READ), SourceState("database", READ))).is_up_to_date
    assert not CollectorState("web1", (SourceState("log", READ), SourceState("database"))).is_up_to_date


def test_it_is_not_up_to_date_while_anything_is_wrong() -> None:
    assert not CollectorState("web1", (SourceState("log", READ, problem="gone"),)).is_up_to_date
    assert not CollectorState("web1", (SourceState("log", READ),), problem="the disk is full").is_up_to_date
