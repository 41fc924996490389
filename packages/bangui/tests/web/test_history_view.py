from __future__ import annotations

from dataclasses import replace

import pytest

from bangui.domain.errors import UnknownJail
from bangui.domain.history import Event, EventKind, Origin, Source
from bangui.domain.history_ports import StoreError, StoreTrouble
from bangui.domain.history_queries import Count
from bangui.domain.moments import milliseconds_of
from bangui.services.history_search import Choices, FoundPage, SearchAnswer
from bangui.web.history_contexts import EmptyHistory, HistoryView
from bangui.web.history_query import HistoryQuery, understand
from bangui.web.history_view import Around, Outcome, build_history, words_pattern
from packages.bangui.tests.web.scripted import NOW

EVENT = Event(
    number=7,
    host="web-1",
    jail="sshd",
    id="203.0.113.7",
    kind=EventKind.BAN,
    time=milliseconds_of(NOW) - 60_000,
    logged=None,
    ordinal=0,
    origin=Origin.FILTER,
    sources=Source.DATABASE,
    duration=600,
    count=2,
    failures=5,
    country="DE",
    network=64_500,
    line_count=2,
)
CHOICES = Choices(("recidive", "sshd"), ("AT", "DE", "AX"))
PAGE = FoundPage((EVENT,), "next", Count(1_204, is_exact=True), {}, {64_500: "EVIL-NET"})


def view_of(query: HistoryQuery, outcome: Outcome) -> HistoryView:
    return build_history(query, understand(query, NOW), outcome, Around(NOW, credits=("thanks",)))


def view(query: HistoryQuery | None = None, page: FoundPage | None = PAGE) -> HistoryView:
    return view_of(query or HistoryQuery(), Outcome(SearchAnswer(CHOICES, page)))


def test_an_event_leads_to_its_id_and_to_all_that_it_has_in_common_with_others() -> None:
    (row,) = view(HistoryQuery(kind="ban", sort="jail", after="x", at="1")).rows
    assert row.id_path == "/address?id=203.0.113.7"
    assert row.jail_path == "/history?kind=ban&jail=sshd&sort=jail"
    assert row.country_path == "/history?kind=ban&country=DE&sort=jail"
    assert row.network is not None
    assert (row.network.name, row.network.path) == ("EVIL-NET", "/history?kind=ban&network=AS64500&sort=jail")
    assert (row.nth, row.by, row.lines) == (2, "", ())


def test_a_first_ban_and_an_event_from_nowhere_say_nothing_of_that() -> None:
    bare = replace(EVENT, count=1, country=None, network=None, duration=None)
    (row,) = view(page=replace(PAGE, events=(bare,))).rows
    assert (row.nth, row.country_path, row.network, row.duration) == (None, None, None, None)


def test_a_time_that_no_calendar_has_is_no_time() -> None:
    (row,) = view(page=replace(PAGE, events=(replace(EVENT, time=10**18),))).rows
    assert row.at is None


def test_the_next_page_and_the_first_one_have_addresses() -> None:
    first = view(HistoryQuery(since="24h"))
    assert first.next_path == f"/history?since=24h&after=next&at={int(NOW.timestamp())}"
    assert first.newest_path is None
    second = view(HistoryQuery(since="24h", after="x", at="1764579600"), replace(PAGE, next=None))
    assert (second.next_path, second.newest_path) == (None, "/history?since=24h")


def test_a_column_sorts_by_itself_and_the_one_that_sorts_turns_round() -> None:
    heads = {head.name: head for head in view(HistoryQuery(kind="ban", after="x")).heads}
    assert (heads["Time"].path, heads["Time"].direction) == ("/history?kind=ban&order=asc", "descending")
    assert (heads["Address"].path, heads["Address"].direction) == ("/history?kind=ban&sort=address", None)
    assert heads["Kind"].path is None
    heads = {head.name: head for head in view(HistoryQuery(sort="address")).heads}
    assert (heads["Address"].path, heads["Address"].direction) == ("/history?sort=address&order=desc", "ascending")
    assert heads["Time"].path == "/history"


def test_what_was_chosen_stays_chosen_also_where_it_is_not_among_the_choices() -> None:
    form = view(HistoryQuery(kind="ban,failure", jail="gone", country="de", since="7d")).form
    assert [choice.text for choice in form.kinds if choice.is_chosen] == ["ban, failure"]
    assert [choice.value for choice in form.jails if choice.is_chosen] == ["gone"]
    assert [choice.text for choice in form.countries] == ["Austria", "Germany", "Åland"]
    assert [choice.text for choice in form.countries if choice.is_chosen] == ["Germany"]
    assert [choice.text for choice in form.ranges if choice.is_chosen] == ["7 d"]


def test_a_time_of_ones_own_is_none_of_the_ranges() -> None:
    for query in (HistoryQuery(since="3h"), HistoryQuery(since="7d", until="1d"), HistoryQuery(until="1d")):
        assert not any(choice.is_chosen for choice in view(query).form.ranges)


def test_files_hold_everything_that_is_found_and_not_a_page_of_it() -> None:
    exports = dict(view(HistoryQuery(kind="ban", after="x", at="1")).exports)
    assert exports["CSV"] == "/history/export?kind=ban&format=csv"
    assert view(page=replace(PAGE, events=())).exports == ()


@pytest.mark.parametrize(
    ("query", "outcome", "reason"),
    [
        (HistoryQuery(), Outcome(), EmptyHistory.NOT_KEPT),
        (
            HistoryQuery(),
            Outcome(trouble=StoreError("it is damaged", "wait", trouble=StoreTrouble.DAMAGED)),
            EmptyHistory.TROUBLE,
        ),
        (HistoryQuery(kind="bam"), Outcome(SearchAnswer(CHOICES)), EmptyHistory.WRONG_FIELD),
        (HistoryQuery(after="x"), Outcome(SearchAnswer(CHOICES, is_lost=True)), EmptyHistory.LOST_PLACE),
        (
            HistoryQuery(),
            Outcome(SearchAnswer(CHOICES, replace(PAGE, events=(), is_new=True))),
            EmptyHistory.NOTHING_YET,
        ),
        (HistoryQuery(kind="ban"), Outcome(SearchAnswer(CHOICES, replace(PAGE, events=()))), EmptyHistory.NO_MATCH),
        (HistoryQuery(after="x"), Outcome(SearchAnswer(CHOICES, replace(PAGE, events=()))), EmptyHistory.PAGE_GONE),
        (HistoryQuery(), Outcome(SearchAnswer(CHOICES, PAGE)), None),
    ],
)
def test_a_list_without_rows_knows_why(query: HistoryQuery, outcome: Outcome, reason: EmptyHistory | None) -> None:
    assert view_of(query, outcome).empty is reason


def test_a_jail_that_never_was_is_a_field_that_is_wrong() -> None:
    answer = SearchAnswer(CHOICES, unknown_jail=UnknownJail("shsd", "did you mean 'sshd'?"))
    found = view_of(HistoryQuery(jail="shsd"), Outcome(answer))
    assert found.empty is EmptyHistory.WRONG_FIELD
    assert found.form.problems["jail"].hint == "did you mean 'sshd'?"


def test_seldom_needed_fields_are_in_sight_when_one_of_them_is_wrong() -> None:
    assert view_of(HistoryQuery(network="x"), Outcome(SearchAnswer(CHOICES))).form.is_wide
    assert not view(HistoryQuery(network="AS1")).form.is_wide


def test_whoever_finds_nothing_is_told_what_else_to_try() -> None:
    nothing = replace(PAGE, events=())
    found = view(HistoryQuery(q="sshd", since="24h"), nothing)
    assert found.jail_path == "/history?jail=sshd&since=24h"
    assert found.all_time_path == "/history?q=sshd"
    found = view(HistoryQuery(q="192.0.2.1"), nothing)
    assert (found.jail_path, found.all_time_path) == (None, None)


def test_lines_that_were_searched_for_show_the_words() -> None:
    page = replace(PAGE, lines={7: ("Failed <b> for root", "for Oracle from x", "an oraclet", "other")})
    (row,) = view(HistoryQuery(words="oracle"), page).rows
    assert list(map(str, row.lines)) == [
        "<bdi>for <mark>Oracle</mark> from x</bdi>",
        "<bdi>an <mark>oracle</mark>t</bdi>",
    ]


def test_words_that_stand_in_several_lines_together_show_the_last_of_them() -> None:
    page = replace(PAGE, lines={7: ("a", "b", "c", "d")})
    (row,) = view(HistoryQuery(words="elsewhere"), page).rows
    assert [str(line) for line in row.lines] == ["<bdi>b</bdi>", "<bdi>c</bdi>", "<bdi>d</bdi>"]


def test_words_are_found_at_their_beginning_and_taken_literally() -> None:
    pattern = words_pattern("user or.")
    assert pattern is not None
    assert pattern.findall("User oracle super terror") == ["User", "or"]
    assert words_pattern("...") is None


def test_countries_and_networks_are_credited_where_they_are_shown() -> None:
    assert view().credits == ("thanks",)
    assert view(page=replace(PAGE, events=())).credits == ()
