from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bangui.domain.addresses import parse_address
from bangui.domain.history import Origin
from bangui.services.ban_matching import BanFilter
from bangui.services.ban_order import BanKey, BanOrder, BanPlace, BanSorter
from bangui.services.ban_places import BanPlaces
from bangui.web.bans_query import (
    BansQuery,
    bans_path,
    filter_fields,
    is_untidy,
    page_after,
    page_before,
    read_bans_query,
    sorted_by,
    understand_bans,
)
from bangui.web.errors import WebError
from bangui.web.guard import LONGEST_TARGET
from bangui.web.url_words import LONGEST_PLACE, encode_values
from packages.bangui.tests.filled_history import FixedPlaces
from packages.bangui.tests.web.scripted import HOSTILE_IDS, make_ban

plain = st.text(st.characters(codec="utf-8"), max_size=8)


def parameters_of(path: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(path).query))


@given(st.builds(BansQuery, plain, plain, plain, plain, plain, plain, plain, plain, plain, plain))
def test_a_view_comes_back_from_its_address(query: BansQuery) -> None:
    tidy = read_bans_query({name: getattr(query, name) for name in BansQuery.__slots__})
    assert read_bans_query(parameters_of(bans_path(tidy))) == tidy


def test_everything_has_the_short_address() -> None:
    assert bans_path(BansQuery()) == "/bans"
    assert not BansQuery(sort="left", order="desc", after="x").is_filtered
    assert BansQuery(jail="sshd").is_filtered


def test_a_form_that_names_empty_fields_is_untidy() -> None:
    assert is_untidy({"q": "", "jail": "sshd"})
    assert not is_untidy({"jail": "sshd", "unknown": ""})


def test_every_field_narrows_the_filter() -> None:
    query = BansQuery("203.0.113.7", "sshd", "de,cn", "AS64500", "hand", "203.0.113.0/24")
    asked = understand_bans(query)
    assert asked.problems == {}
    assert asked.filter == BanFilter(
        within=(parse_address("203.0.113.7"), parse_address("203.0.113.0/24")),
        jail="sshd",
        countries=("DE", "CN"),
        networks=(64_500,),
        origins=(Origin.HAND,),
    )


@pytest.mark.parametrize("term", ["203.0.113", "2001:db8:", "ssh", "<b>", "203.0.113.300"])
def test_what_is_no_address_is_a_part_of_an_id_or_of_a_jails_name(term: str) -> None:
    assert understand_bans(BansQuery(q=term)).filter == BanFilter(text=term)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        (BansQuery(address="somewhere"), "address"),
        (BansQuery(country="Germany"), "country"),
        (BansQuery(network="AS"), "network"),
        (BansQuery(origin="nobody"), "origin"),
        (BansQuery(sort="size"), "sort"),
        (BansQuery(order="up"), "sort"),
        (BansQuery(q="x" * 501), "q"),
        (BansQuery(country="D" * 61), "country"),
    ],
)
def test_what_cannot_be_meant_is_told_beside_its_field_and_filters_nothing(query: BansQuery, field: str) -> None:
    asked = understand_bans(query)
    assert list(asked.problems) == [field]
    assert asked.problems[field].text
    assert asked.filter == BanFilter()


def test_a_list_is_sorted_as_is_usual_for_what_it_is_sorted_by() -> None:
    assert understand_bans(BansQuery()).order == BanOrder(BanKey.TIME, is_descending=True)
    assert understand_bans(BansQuery(sort="left")).order == BanOrder(BanKey.LEFT, is_descending=False)
    assert understand_bans(BansQuery(sort="left", order="desc")).order == BanOrder(BanKey.LEFT, is_descending=True)


@pytest.mark.parametrize("key", list(BanKey))
@pytest.mark.parametrize("is_descending", [False, True])
def test_an_order_comes_back_from_its_query(key: BanKey, *, is_descending: bool) -> None:
    order = BanOrder(key, is_descending)
    query = sorted_by(BansQuery(jail="sshd", after="x"), order)
    assert understand_bans(query).order == order
    assert (query.jail, query.after) == ("sshd", "")


@pytest.mark.parametrize("key", list(BanKey))
def test_a_place_comes_back_from_the_address_of_its_page(key: BanKey) -> None:
    order = BanOrder(key, is_descending=False)
    bans = [make_ban(id, age=age) for age, id in enumerate(("192.0.2.1", "203.0.113.7", "2001:db8::7", *HOSTILE_IDS))]
    sorter = BanSorter(order, BanPlaces(FixedPlaces()).of)
    sorter.sort(bans)
    for size in range(1, len(bans)):
        place = sorter.page(bans, size).next
        assert place is not None
        for query in (page_after(BansQuery(sort=key.value), place), page_before(BansQuery(sort=key.value), place)):
            asked = understand_bans(read_bans_query(parameters_of(bans_path(query))))
            found = asked.after or asked.before
            assert found is not None
            assert found.newness == place.newness
            assert (found.jail, found.id) == (place.jail, place.id[:64])
            assert found.value == (place.value[:64] if isinstance(place.value, str) else place.value)


@pytest.mark.parametrize(
    "word",
    [
        "!",
        encode_values([]),
        encode_values([1.0, 2.0, "sshd"]),
        encode_values(["text", 2.0, "sshd", "192.0.2.1"]),
        encode_values([1.0, "text", "sshd", "192.0.2.1"]),
        encode_values([1.0, 2.0, 3.0, "192.0.2.1"]),
    ],
)
def test_a_damaged_place_is_an_error_with_a_way_back(word: str) -> None:
    for query in (BansQuery(after=word), BansQuery(before=word)):
        with pytest.raises(WebError) as caught:
            understand_bans(query)
        assert caught.value.problem.status == 400


def test_the_place_of_another_order_is_a_damaged_one() -> None:
    query = page_after(BansQuery(sort="left"), BanPlace("4text", 1.0, "sshd", "192.0.2.1"))
    with pytest.raises(WebError):
        understand_bans(query)


def test_a_form_carries_the_filter_and_nothing_else() -> None:
    query = BansQuery("192.0.2.", "sshd", sort="left", order="desc", after="x")
    assert filter_fields(query) == (("q", "192.0.2."), ("jail", "sshd"))
    assert understand_bans(read_bans_query(dict(filter_fields(query)))).filter == BanFilter("192.0.2.", jail="sshd")


@given(st.text(), st.text(), st.text())
def test_no_name_makes_an_address_that_would_be_refused(value: str, jail: str, id: str) -> None:
    query = page_after(BansQuery(jail=jail[:300], sort="address"), BanPlace(value, -1.7e9, jail, id))
    assert len(query.after) <= LONGEST_PLACE
    assert len(bans_path(query)) <= LONGEST_TARGET
    assert understand_bans(query).problems == {}
