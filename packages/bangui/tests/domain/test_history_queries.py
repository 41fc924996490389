from __future__ import annotations

from bangui.domain.history import EventKind
from bangui.domain.history_queries import Filter, Order, Search, SortKey, Totals


def test_what_did_not_happen_counts_as_none() -> None:
    totals = Totals({EventKind.BAN: 3})
    assert (totals.of(EventKind.BAN), totals.of(EventKind.UNBAN)) == (3, 0)


def test_a_search_without_words_is_for_everything_newest_first() -> None:
    search = Search()
    assert search.filter == Filter()
    assert search.order == Order(SortKey.TIME, is_descending=True)
    assert search.after is None
