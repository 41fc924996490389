"""How many events a filter lets through, counted no further than is asked for."""

from __future__ import annotations

from dataclasses import replace

from bangui.adapters.sql.queries.asker import Asker
from bangui.adapters.sql.queries.kind_totals import count_kinds
from bangui.adapters.sql.queries.lanes import count_lanes
from bangui.adapters.sql.queries.scope import Scope
from bangui.adapters.sql.queries.word_lanes import choose_ways, count_words, of_words
from bangui.domain.history_queries import Count


def count(asker: Asker, scope: Scope, at_most: int) -> Count:
    """Return how many events there are: what the counts tell is exact, all else up to `at_most`."""
    wanted = scope if scope.words is None else of_words(asker, scope)
    if wanted is None or wanted.is_empty:
        return Count(0, True)
    if wanted.is_countable:
        return Count(count_kinds(asker, wanted).total(), True)
    ways, is_by_words = choose_ways(asker, wanted, for_all=True, to_count=True)
    is_plain = is_by_words and replace(wanted, words=None).is_open
    found = (count_words if is_plain else count_lanes)(asker, ways[-1], at_most + 1)
    return Count(min(found, at_most), found <= at_most)
