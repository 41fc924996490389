from __future__ import annotations

from bangui.domain.history_queries import Count, IdSummary, TopRow
from bangui.domain.story import Story, Surroundings

NOTHING = Story("203.0.113.7", None, (), (), has_more_bans=False)


def test_what_was_never_seen_is_empty_whatever_is_around() -> None:
    around = Surroundings("203.0.113.0/24", Count(3, is_exact=True), (TopRow("203.0.113.9", 3, 0, 1, 2),))
    assert NOTHING.is_empty
    assert Story("203.0.113.7", None, (), (), has_more_bans=False, subnet=around, system=around).is_empty


def test_what_was_seen_or_holds_what_was_seen_is_not_empty() -> None:
    inside = Surroundings("203.0.113.0/24", Count(0, is_exact=True), (TopRow("203.0.113.9", 0, 3, 1, 2),))
    seen = IdSummary("203.0.113.7", 0, 3, 1, 2, None, None)
    assert not Story("203.0.113.0/24", None, (), (), has_more_bans=False, inside=inside).is_empty
    assert not Story("203.0.113.7", seen, (), (), has_more_bans=False).is_empty
