from __future__ import annotations

from bangui.domain.history_queries import Count
from bangui.services.history_search import FoundPage, SearchAnswer
from bangui.web.history_contexts import HistoryView
from bangui.web.history_query import HistoryQuery, understand
from bangui.web.history_view import Around, Outcome, build_history
from packages.bangui.tests.web.scripted import NOW


def view(outcome: Outcome) -> HistoryView:
    query = HistoryQuery()
    return build_history(query, understand(query, NOW), outcome, Around(NOW))


def test_a_history_that_is_empty_is_kept_all_the_same() -> None:
    page = FoundPage((), None, Count(0, is_exact=True), {}, {}, is_new=True)
    assert view(Outcome(SearchAnswer(page=page))).is_kept
    assert not view(Outcome()).is_kept
