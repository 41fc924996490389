from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from bangui.domain.addresses import parse_address
from bangui.domain.errors import UnknownJail
from bangui.domain.history import EventKind
from bangui.domain.history_ports import HistoryReader
from bangui.domain.history_queries import Filter, Order, SortKey
from bangui.domain.search_terms import narrowed
from bangui.services.history import AddressList, count, find, require_jails, with_lines
from packages.bangui.tests.filled_history import HOSTILE, STORY, FilledHistory, ban

NEWEST = Order()
BANS = Filter(kinds=(EventKind.BAN,))


@pytest.fixture
def history(tmp_path: Path) -> FilledHistory:
    history = FilledHistory(tmp_path / "history.sqlite3")
    history.record()
    return history


@pytest.fixture
def reader(history: FilledHistory) -> Iterator[HistoryReader]:
    with history.open() as reader:
        yield reader


def terms(*words: str) -> list[Filter]:
    return [narrowed(BANS, word) for word in words]


def test_everything_is_found_the_newest_first(reader: HistoryReader) -> None:
    times = [event.time for event in find(reader, [Filter()], NEWEST)]
    assert len(times) == len(STORY)
    assert times == sorted(times, reverse=True)


@pytest.mark.parametrize("limit", [None, 3, 2_000])
def test_several_terms_are_answered_together_and_nothing_twice(reader: HistoryReader, limit: int | None) -> None:
    found = find(reader, terms("203.0.113.7", "203.0.113.0/24", "203.0.113.*", "evil*"), NEWEST, limit)
    assert [event.id for event in found] == [HOSTILE, *["203.0.113.7"] * 2, "203.0.113.9", "203.0.113.0/24"][:limit]


@pytest.mark.parametrize(("key", "is_descending"), [*product(SortKey, (False, True))])
def test_the_order_is_the_same_for_one_term_and_for_several(
    reader: HistoryReader, key: SortKey, is_descending: bool
) -> None:
    order = Order(key, is_descending)
    together = [event.number for event in find(reader, [Filter()], order)]
    apart = [Filter(within=parse_address("0.0.0.0/0")), Filter(within=parse_address("::/0")), Filter(id=HOSTILE)]
    assert [event.number for event in find(reader, apart, order)] == together


def test_terms_that_lie_apart_are_counted_together(reader: HistoryReader) -> None:
    total = count(reader, terms("203.0.113.0/24", "2001:db8::/32"))
    assert total is not None
    assert (total.value, total.is_exact) == (5, True)
    single = count(reader, terms("203.0.113.*"))
    assert single is not None
    assert single.value == 4


@pytest.mark.parametrize("second", ["203.0.113.7", "203.0.113.*", "::ffff:203.0.113.0/120", "evil"])
def test_terms_that_may_mean_the_same_are_not_counted(reader: HistoryReader, second: str) -> None:
    assert count(reader, terms("203.0.113.0/24", second)) is None


def test_events_come_with_their_lines(reader: HistoryReader) -> None:
    told = list(with_lines(reader, find(reader, [Filter()], NEWEST)))
    assert len(told) == len(STORY)
    assert all(len(lines) == event.line_count for event, lines in told)
    newest = next(lines for event, lines in told if event.id == "203.0.113.7" and lines)
    assert len(newest) == 2
    assert "invalid user oracle" in newest[0]


def test_a_jail_that_never_was_is_told_with_the_one_that_was_probably_meant(reader: HistoryReader) -> None:
    require_jails(reader, [])
    require_jails(reader, ["sshd", "postfix"])
    with pytest.raises(UnknownJail) as caught:
        require_jails(reader, ["sshd", "shsd"])
    assert (caught.value.jail, caught.value.hint) == ("shsd", "did you mean 'sshd'?")


def test_addresses_are_listed_once_in_their_order_and_other_ids_are_left_out(history: FilledHistory) -> None:
    history.record([ban("203.0.113.0", 5, "recidive"), ban("203.0.113.0/24", 4, "sshd"), ban("another text", 3)])
    with history.open() as reader:
        addresses = AddressList(find(reader, [BANS], Order(SortKey.ADDRESS, is_descending=False)))
        found = list(addresses)
    assert sorted(found[:2]) == ["203.0.113.0", "203.0.113.0/24"]
    assert found[2:] == ["203.0.113.7", "203.0.113.9", "2001:db8::7"]
    assert addresses.left_out == 2
