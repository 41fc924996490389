from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text

from bangui.adapters.sql.engine import writing
from bangui.adapters.sql.queries import begun_words, word_lanes
from bangui.adapters.sql.reader import SqlHistoryReader
from bangui.domain.history import EventKind
from bangui.domain.history_queries import Filter, Order, Search, SortKey
from packages.bangui.tests.adapters.sql.conftest import Store
from packages.bangui.tests.adapters.sql.seen import DAY, START, ban, batch, failure

ROOT = Filter(text="root")


def _numbers(reader: SqlHistoryReader, only: Filter, order: Order, size: int) -> list[int]:
    found: list[int] = []
    after = None
    while True:
        page = reader.search(Search(only, order, size, after))
        found += [event.number for event in page.events]
        after = page.next
        if after is None:
            return found


@pytest.mark.parametrize("is_descending", [True, False])
def test_bans_of_one_millisecond_keep_their_order_where_numbers_outgrow_the_index(
    store: Store, is_descending: bool
) -> None:
    # The index of words holds the last 21 bits of a number.
    with writing(store.engine) as connection:
        connection.execute(text("INSERT INTO counters (name, value) VALUES ('events', 2097149)"))
    bans = [ban(START, id=f"10.0.0.{number}", lines=["root"]) for number in range(8)]
    store.writer.record(batch(*bans))
    reader = SqlHistoryReader(store.engine)

    order = Order(SortKey.TIME, is_descending)
    wanted = sorted(range(2_097_149, 2_097_157), reverse=is_descending)
    for size in (1, 3, 100):
        assert _numbers(reader, ROOT, order, size) == wanted


def test_only_bans_have_words(store: Store) -> None:
    store.writer.record(batch(ban(START, lines=["root"]), failure(START)))
    reader = SqlHistoryReader(store.engine)

    assert reader.count(ROOT).value == 1
    assert reader.count(replace(ROOT, kinds=(EventKind.FAILURE,))).value == 0
    assert reader.search(Search(replace(ROOT, kinds=(EventKind.FAILURE,)))).events == ()
    assert reader.count(replace(ROOT, kinds=(EventKind.FAILURE, EventKind.BAN))).value == 1


def test_words_are_found_whatever_else_the_line_holds(store: Store) -> None:
    lines = ['"; DROP TABLE lines; -- NEAR(root) OR *', "\x00\u202eRÖÖT 'a''b' & | ! <-> :*"]
    store.writer.record(batch(ban(START, lines=lines)))
    reader = SqlHistoryReader(store.engine)

    for words in ("root", "drop table", "RÖÖT", "near or", "a b", "'a'' OR \"b", "röö*", "table dro*", "NOT*"):
        found = reader.count(Filter(text=words)).value
        assert found == (0 if words == "NOT*" else 1), words


@pytest.mark.parametrize("cost", ["_COST_OF_WORDS", "_COST_OF_LOOK"])
def test_both_ways_find_the_same(store: Store, monkeypatch: pytest.MonkeyPatch, cost: str) -> None:
    made = [
        ban(
            START + number * DAY, f"10.0.0.{number}", f"jail{number % 3}", ["root" if number % 4 else "admin", "failed"]
        )
        for number in range(60)
    ]
    store.writer.record(batch(*made))
    reader = SqlHistoryReader(store.engine)
    monkeypatch.setattr(word_lanes, cost, 0)

    only = Filter(text="failed root", jails=("jail1",), since=START + 5 * DAY, until=START + 50 * DAY)
    found = reader.search(Search(only)).events

    wanted = [seen.id for seen in made[5:50] if seen.jail == "jail1" and "root" in seen.lines]
    assert [event.id for event in found] == wanted[::-1]
    assert reader.count(only).value == len(wanted)


@pytest.mark.parametrize("share", [-1, 2])
def test_words_that_are_too_many_to_be_told_are_found_in_the_lines_or_in_the_index(
    store: Store, monkeypatch: pytest.MonkeyPatch, share: int
) -> None:
    made = [ban(START + number * DAY, f"10.0.0.{number}", lines=[f"port {number * 7}"]) for number in range(40)]
    store.writer.record(batch(*made))
    reader = SqlHistoryReader(store.engine)
    monkeypatch.setattr(begun_words, "MOST", 3)
    monkeypatch.setattr(word_lanes, "_COMMON", share)
    monkeypatch.setattr(word_lanes, "_COMMON_TO_COUNT", share)

    only = Filter(text="port 1*")
    wanted = [number for number in range(40) if str(number * 7).startswith("1")]
    for size in (1, 3, 100):
        for is_descending in (True, False):
            found = _numbers(reader, only, Order(SortKey.TIME, is_descending), size)
            assert found == [number + 1 for number in sorted(wanted, reverse=is_descending)]
    assert reader.count(only).value == len(wanted)
