from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import QueryParams

from bangui.domain.addresses import parse_address
from bangui.domain.history import EventKind, Origin
from bangui.domain.history_queries import Filter, Order, SortKey
from bangui.domain.kept_ids import kept_id
from bangui.domain.moments import milliseconds_of
from bangui.web.guard import LONGEST_TARGET
from bangui.web.history_query import (
    HistoryQuery,
    address_path,
    history_path,
    is_untidy,
    next_page,
    query_of_id,
    read_query,
    sorted_by,
    told_at,
    understand,
)
from packages.bangui.tests.web.scripted import HOSTILE_IDS, NOW


def meant(**words: str) -> Filter:
    asked = understand(HistoryQuery(**words), NOW)
    assert asked.problems == {}
    return asked.filter


def problems(**words: str) -> set[str]:
    return set(understand(HistoryQuery(**words), NOW).problems)


def test_every_field_narrows_the_events() -> None:
    assert meant() == Filter()
    assert meant(q="203.0.113.0/24").within == parse_address("203.0.113.0/24")
    assert meant(q="203.0.11").prefix == "203.0.11"
    assert meant(q="evil text").id == "evil text"
    assert meant(id="203.0.11").id == "203.0.11"
    assert meant(kind="ban,failure").kinds == (EventKind.BAN, EventKind.FAILURE)
    assert meant(jail="sshd, or so").jails == ("sshd, or so",)
    assert meant(country="de").countries == ("DE",)
    assert meant(network="AS4134").networks == (4134,)
    assert meant(origin="hand").origins == (Origin.HAND,)
    assert meant(words="invalid user").text == "invalid user"
    assert meant(since="24h").since == milliseconds_of(NOW - timedelta(hours=24))
    assert meant(until="2026-11-01T00:00Z").until == 1_793_491_200_000


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("q", "203.0.113.300"),
        ("q", "203.0.113.0/33"),
        ("q", "*"),
        ("q", "x" * 501),
        ("kind", "bam"),
        ("jail", "x" * 201),
        ("country", "Germany"),
        ("network", "evil"),
        ("origin", "nobody"),
        ("words", "!?"),
        ("since", "soon"),
        ("until", "9999999999999y"),
        ("after", "x" * 4_001),
    ],
)
def test_a_field_that_cannot_be_right_is_named_and_the_others_still_count(field: str, text: str) -> None:
    asked = understand(replace(HistoryQuery(kind="ban"), **{field: text}), NOW)
    assert set(asked.problems) == {field}
    assert field == "kind" or asked.filter.kinds == (EventKind.BAN,)


def test_a_time_that_ends_before_it_begins_is_named() -> None:
    assert problems(since="1h", until="2h") == {"until"}
    assert problems(since="2026-11-01", until="2026-11-01") == {"until"}


@pytest.mark.parametrize(("sort", "order"), [("evil", ""), ("time", "up"), ("ADDRESS", "")])
def test_an_order_that_does_not_exist_is_named(sort: str, order: str) -> None:
    assert problems(sort=sort, order=order) == {"sort"}


@pytest.mark.parametrize(
    ("sort", "order", "expected"),
    [
        ("", "", Order()),
        ("", "asc", Order(is_descending=False)),
        ("address", "", Order(SortKey.ADDRESS, is_descending=False)),
        ("country", "desc", Order(SortKey.COUNTRY, is_descending=True)),
    ],
)
def test_the_newest_come_first_and_all_else_ascends_unless_it_is_to_be_the_other_way(
    sort: str, order: str, expected: Order
) -> None:
    asked = understand(HistoryQuery(sort=sort, order=order), NOW)
    assert asked.order == expected
    again = sorted_by(HistoryQuery(), expected)
    assert (again.sort, again.order) == (sort, order)


def test_another_order_begins_at_the_beginning() -> None:
    assert sorted_by(HistoryQuery(after="x", at="1"), Order(SortKey.JAIL, is_descending=False)) == HistoryQuery(
        sort="jail"
    )


def test_the_buttons_of_the_form_take_the_place_of_both_times() -> None:
    assert read_query({"since": "2026-11-01", "until": "2026-11-02", "range": "7d"}) == HistoryQuery(since="7d")
    assert read_query({"since": "7d", "until": "1d", "range": ""}) == HistoryQuery()


def test_what_was_typed_is_trimmed_but_ids_and_jails_are_what_they_are() -> None:
    query = read_query({"q": " 192.0.2.1 ", "jail": " odd ", "id": " x"})
    assert (query.q, query.jail, query.id) == ("192.0.2.1", " odd ", " x")


@pytest.mark.parametrize("words", ["range=7d", "q=&kind=ban", "q=+", "kind=", "after="])
def test_a_form_that_sends_empty_fields_is_untidy(words: str) -> None:
    assert is_untidy(QueryParams(words))


@given(st.dictionaries(st.sampled_from([field.name for field in fields(HistoryQuery)]), st.text(max_size=9)))
def test_an_address_that_was_written_is_tidy_and_means_the_same(words: dict[str, str]) -> None:
    query = read_query(words)
    path = history_path(query)
    parameters = QueryParams(path.partition("?")[2])
    assert not is_untidy(parameters)
    assert read_query(parameters) == replace(
        query, **{name: getattr(query, name).encode("utf-8", "replace").decode() for name in words}
    )


def test_a_page_that_follows_tells_its_times_from_the_same_moment() -> None:
    later = NOW + timedelta(minutes=5)
    second = next_page(HistoryQuery(since="24h"), "place", NOW)
    assert understand(second, told_at(second, later)).filter == understand(HistoryQuery(since="24h"), NOW).filter
    assert told_at(HistoryQuery(since="24h", at=second.at), later) == later
    assert next_page(HistoryQuery(kind="ban"), "place", NOW).at == ""


@pytest.mark.parametrize("at", ["", "soon", "-1", "9" * 12, "٣"])
def test_a_moment_that_is_none_is_now(at: str) -> None:
    assert told_at(HistoryQuery(after="x", at=at), NOW) == NOW


def test_the_very_last_moment_that_an_address_can_name_is_a_moment() -> None:
    assert told_at(HistoryQuery(after="x", at="9" * 11), NOW).year == 5138


def test_an_address_is_searched_for_as_such_and_all_else_exactly() -> None:
    assert query_of_id("::ffff:192.0.2.1") == HistoryQuery(q="192.0.2.1")
    assert query_of_id("192.0.2.0/24") == HistoryQuery(q="192.0.2.0/24")
    assert query_of_id("192.0.2*") == HistoryQuery(id="192.0.2*")


@pytest.mark.parametrize("id", [*(id for id in HOSTILE_IDS if id), "\U0001f600" * 600, "a\x00b", " x "])
def test_every_id_but_the_empty_one_has_a_page_whose_address_is_accepted(id: str) -> None:
    path = address_path(id)
    assert path is not None
    assert len(path) < LONGEST_TARGET
    asked = QueryParams(path.partition("?")[2])["id"]
    assert asked == kept_id(id)


@pytest.mark.parametrize("id", ["", " ", "\t\n"])
def test_what_cannot_be_seen_at_all_has_no_page(id: str) -> None:
    assert address_path(id) is None
