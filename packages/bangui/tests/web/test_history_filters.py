from __future__ import annotations

import pytest

from bangui.web.history_filters import chips_of
from bangui.web.history_query import HistoryQuery, understand
from packages.bangui.tests.web.scripted import NOW


def chips(query: HistoryQuery) -> list[tuple[str, str, str]]:
    filter = understand(query, NOW).filter
    return [(chip.name, chip.text, chip.path) for chip in chips_of(query, filter, {4134: "CHINANET"})]


def test_without_a_filter_there_is_no_chip() -> None:
    assert chips(HistoryQuery(sort="address", order="desc")) == []


@pytest.mark.parametrize(
    ("query", "name", "text"),
    [
        (HistoryQuery(q="203.0.113.7"), "Address", "203.0.113.7"),
        (HistoryQuery(q="203.0.113.0/24"), "Within", "203.0.113.0/24"),
        (HistoryQuery(q="203.0"), "Begins with", "203.0"),
        (HistoryQuery(q="<b>"), "Exactly", "<b>"),
        (HistoryQuery(id="203.0*"), "Exactly", "203.0*"),
        (HistoryQuery(kind="ban,already-banned"), "Kind", "ban, already banned"),
        (HistoryQuery(jail="sshd"), "Jail", "sshd"),
        (HistoryQuery(country="DE,ZZ"), "Country", "Germany, ZZ"),
        (HistoryQuery(network="4134,1"), "Network", "AS4134 CHINANET, AS1"),
        (HistoryQuery(origin="hand"), "Asked by", "somebody, by hand"),
        (HistoryQuery(words="invalid user"), "Lines with", "invalid user"),
        (HistoryQuery(since="24h"), "Last", "24 h"),
        (HistoryQuery(since="yesterday"), "Since", "yesterday"),
        (HistoryQuery(until="2026-11-01"), "Until", "2026-11-01"),
        (HistoryQuery(since="2d", until="1d"), "Time", "2d – 1d"),
    ],
)
def test_each_filter_is_told_in_words_and_can_be_taken_away(query: HistoryQuery, name: str, text: str) -> None:
    assert chips(query) == [(name, text, "/history")]


def test_taking_one_away_keeps_the_others_and_the_order_and_begins_anew() -> None:
    query = HistoryQuery(kind="ban", jail="sshd", sort="address", after="place", at="1")
    assert [path for _, _, path in chips(query)] == [
        "/history?jail=sshd&sort=address",
        "/history?kind=ban&sort=address",
    ]


def test_what_was_not_understood_is_no_filter() -> None:
    assert chips(HistoryQuery(q="203.0.113.300", kind="bam")) == []
