"""A row of the table and the event that it keeps."""

from __future__ import annotations

from bangui.adapters.sql.event_rows import KINDS, ORIGINS, SOURCES, EventRow, event_of
from bangui.adapters.sql.schema import KIND_CODES, events
from bangui.domain.history import EventKind, Origin, Source


def test_a_row_has_the_columns_of_the_table() -> None:
    names = [{"times": "count"}.get(name, name) for name in EventRow._fields]
    assert names == [column.name for column in events.columns]


def test_every_kind_origin_and_set_of_sources_has_a_code() -> None:
    assert set(KINDS.values()) == set(EventKind)
    assert set(ORIGINS.values()) == set(Origin)
    assert SOURCES[int(Source.LOG | Source.BACKUP)] == Source.LOG | Source.BACKUP
    assert len(SOURCES) == 2 * max(Source)


def test_an_event_says_what_its_row_says() -> None:
    row = EventRow(9, 1, 2, 3, KIND_CODES[EventKind.BAN], 1_000, 4, 2, 3, 700, 600, 5, 6, "DE", 64_500, 77, 8)
    event = event_of(row, ("here", "sshd", "192.0.2.1", 2, "ann", "why"))
    assert (event.number, event.host, event.jail, event.id, event.kind) == (
        9,
        "here",
        "sshd",
        "192.0.2.1",
        EventKind.BAN,
    )
    assert (event.time, event.logged, event.ordinal, event.origin) == (1_000, 1_700, 4, Origin.HAND)
    assert (event.sources, event.duration, event.count, event.failures) == (Source.DATABASE | Source.LOG, 600, 5, 6)
    assert (event.country, event.network, event.line_count, event.author, event.reason) == (
        "DE",
        64_500,
        2,
        "ann",
        "why",
    )
    assert event_of(row._replace(logged=None), ("h", "j", "i", 0, None, None)).logged is None
