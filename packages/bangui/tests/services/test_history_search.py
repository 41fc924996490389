from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bangui.domain.errors import InvalidInput
from bangui.domain.history import EventKind
from bangui.domain.history_queries import Count, Filter, Search
from bangui.services.history_search import HistorySearch, SearchAnswer
from packages.bangui.tests.filled_history import NUMBER_OF_EVENTS, FilledHistory, FixedPlaces, ban

BANS = Filter(kinds=(EventKind.BAN,))


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def history(tmp_path: Path) -> FilledHistory:
    history = FilledHistory(tmp_path / "history.sqlite3")
    history.record()
    return history


def answer(
    history: FilledHistory, search: Search, searcher: HistorySearch | None = None, *, is_asked: bool = True
) -> SearchAnswer:
    with history.open() as reader:
        return (searcher or HistorySearch(FixedPlaces())).answer(reader, search, is_asked=is_asked)


def test_a_page_comes_with_the_count_of_all_and_the_names_of_its_networks(history: FilledHistory) -> None:
    page = answer(history, Search(BANS, limit=4)).page
    assert page is not None
    assert (len(page.events), page.count) == (4, Count(6, is_exact=True))
    assert page.next is not None
    assert page.networks == {64_500: "EVIL-NET", 64_501: "EXAMPLE-SIX"}
    rest = answer(history, Search(BANS, limit=10, after=page.next)).page
    assert rest is not None
    assert (len(rest.events), rest.next) == (2, None)


def test_everything_is_counted_without_looking_at_it(history: FilledHistory) -> None:
    page = answer(history, Search()).page
    assert page is not None
    assert page.count == Count(NUMBER_OF_EVENTS, is_exact=True)


def test_there_is_to_choose_from_what_was_ever_seen_and_that_is_remembered_for_a_while(history: FilledHistory) -> None:
    clock = Clock()
    searcher = HistorySearch(FixedPlaces(), clock)
    choices = answer(history, Search(), searcher).choices
    assert choices.jails == ("postfix", "recidive", "sshd", "web")
    assert set(choices.countries) == {"DE", "NL", "US"}
    history.record([ban("192.0.2.1", 1, "new")])
    assert "new" not in answer(history, Search(), searcher).choices.jails
    clock.now = 61
    assert "new" in answer(history, Search(), searcher).choices.jails


def test_lines_are_read_for_whoever_looks_for_words_in_them(history: FilledHistory) -> None:
    page = answer(history, Search(Filter(text="oracle"))).page
    assert page is not None
    assert sorted(map(len, page.lines.values())) == [2, 5]
    plain = answer(history, Search(BANS)).page
    assert plain is not None
    assert plain.lines == {}


def test_a_jail_that_never_was_is_told_with_the_one_that_was_meant(history: FilledHistory) -> None:
    found = answer(history, Search(Filter(jails=("shsd",))))
    assert found.page is None
    assert found.unknown_jail is not None
    assert "sshd" in found.unknown_jail.hint
    assert answer(history, Search(Filter(jails=("shsd",))), is_asked=False).unknown_jail is not None


def test_a_search_that_is_not_asked_has_only_choices(history: FilledHistory) -> None:
    found = answer(history, Search(), is_asked=False)
    assert (found.page, found.unknown_jail, found.is_lost) == (None, None, False)
    assert found.choices.jails


@pytest.mark.parametrize("after", ["nonsense", "", "W10"])
def test_a_place_in_no_list_is_lost(history: FilledHistory, after: str) -> None:
    assert answer(history, Search(after=after)).is_lost


def test_a_place_in_another_list_is_lost(history: FilledHistory) -> None:
    page = answer(history, Search(BANS, limit=3)).page
    assert page is not None
    assert answer(history, Search(Filter(), limit=3, after=page.next)).is_lost


def test_a_mistake_of_ours_is_no_lost_place(history: FilledHistory) -> None:
    with pytest.raises(InvalidInput):
        answer(history, Search(limit=0))


def test_a_network_that_is_searched_for_has_a_name_although_nothing_is_found(history: FilledHistory) -> None:
    page = answer(history, Search(replace(BANS, networks=(64_496,)))).page
    assert page is not None
    assert (page.events, page.networks) == ((), {64_496: "EXAMPLE-US"})


def test_a_history_without_any_event_is_new(tmp_path: Path) -> None:
    empty = FilledHistory(tmp_path / "empty.sqlite3")
    empty.record([])
    page = answer(empty, Search()).page
    assert page is not None
    assert (page.is_new, page.count.value) == (True, 0)
