from __future__ import annotations

from dataclasses import replace

from bangui.adapters.sql.queries.stored_events import read_events, read_lines
from bangui.domain.history import EventKind, Origin, Source
from packages.bangui.tests.adapters.sql.conftest import Store
from packages.bangui.tests.adapters.sql.queries.asking import asking
from packages.bangui.tests.adapters.sql.seen import ADDRESS, HOST, JAIL, START, ban, batch, failure, note


def test_an_event_comes_back_as_it_was_recorded(store: Store) -> None:
    recorded = store.writer.record(batch(ban(START, lines=["one", "two"]), failure(START), notes=[note(START)]))

    with asking(store) as asker:
        found = read_events(asker, [event.number for event in recorded.new])

    assert found == list(recorded.new)
    banned = next(event for event in found if event.kind is EventKind.BAN)
    assert (banned.host, banned.jail, banned.id, banned.time) == (HOST, JAIL, ADDRESS, START)
    assert (banned.duration, banned.count, banned.failures, banned.line_count) == (600, 1, 5, 2)
    assert (banned.origin, banned.author, banned.reason) == (Origin.HAND, "ann", "scans for holes")
    assert banned.sources == Source.DATABASE


def test_events_come_in_the_order_of_the_numbers_and_lost_ones_are_left_out(store: Store) -> None:
    new = store.writer.record(batch(*(failure(START + number * 1000) for number in range(2_500)))).new
    numbers = [event.number for event in new]

    with asking(store) as asker:
        found = read_events(asker, [*reversed(numbers), 10**9])
        assert [event.number for event in found] == numbers[::-1]
        assert read_events(asker, []) == []


def test_matched_lines_are_found_by_their_events(store: Store) -> None:
    bans = [ban(START, id="10.0.0.1", lines=["a", "b\u202e"]), ban(START, id="10.0.0.2")]
    new = {event.id: event.number for event in store.writer.record(batch(*bans)).new}

    with asking(store) as asker:
        assert read_lines(asker, [*new.values(), 10**9]) == {new["10.0.0.1"]: ("a", "b\u202e")}
        assert read_lines(asker, []) == {}


def test_the_time_of_logging_and_the_ordinal_are_kept(store: Store) -> None:
    seen = replace(failure(START), logged=START + 345, ordinal=7)
    (event,) = store.writer.record(batch(seen)).new

    with asking(store) as asker:
        (found,) = read_events(asker, [event.number])
    assert (found.logged, found.ordinal) == (START + 345, 7)
