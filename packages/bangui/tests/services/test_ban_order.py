from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bangui.domain.bans import Ban
from bangui.domain.places import NOWHERE, Network, Place
from bangui.services.ban_order import BanKey, BanOrder, BanPlace, BanSorter
from packages.bangui.tests.web.scripted import make_ban

PLACES = {"10.0.0.1": Place("DE", Network(10, "")), "10.0.0.2": Place("CN", Network(9, "")), "a": Place("AT", None)}
IDS = ["10.0.0.1", "10.0.0.2", "9.0.0.0/8", "2001:db8::1", "a", "b", "\udc80"]

orders = st.builds(BanOrder, st.sampled_from(BanKey), st.booleans())
bans_strategy = st.lists(
    st.builds(
        lambda ban_id, jail, age, duration: make_ban(ban_id, jail, age=age, duration=duration),
        st.sampled_from(IDS),
        st.sampled_from(["x", "y", "z"]),
        st.integers(0, 3),
        st.sampled_from([60, 3600, None]),
    ),
    unique_by=lambda ban: (ban.jail, ban.id),
    max_size=21,
)


def sorter_of(order: BanOrder) -> BanSorter:
    return BanSorter(order, lambda ban_id: PLACES.get(ban_id, NOWHERE))


def in_order(bans: Sequence[Ban], order: BanOrder) -> list[Ban]:
    ordered = list(bans)
    sorter_of(order).sort(ordered)
    return ordered


@given(bans_strategy, orders, st.integers(1, 7))
def test_walking_on_shows_every_ban_once_in_order(bans: list[Ban], order: BanOrder, size: int) -> None:
    ordered = in_order(bans, order)
    sorter = sorter_of(order)
    page = sorter.page(ordered, size)
    seen = list(page.bans)
    while page.next is not None:
        page = sorter.page(ordered, size, after=page.next)
        assert page.before == len(seen)
        seen += page.bans
    assert seen == ordered


@given(bans_strategy, orders, st.integers(1, 7))
def test_walking_back_shows_the_rows_just_before(bans: list[Ban], order: BanOrder, size: int) -> None:
    ordered = in_order(bans, order)
    sorter = sorter_of(order)
    page = sorter.page(ordered, size)
    while page.next is not None:
        page = sorter.page(ordered, size, after=page.next)
        assert page.previous is not None
        back = sorter.page(ordered, size, before=page.previous)
        assert back.bans == tuple(ordered[max(page.before - size, 0) : page.before])


@given(bans_strategy, orders, st.integers(1, 7), st.integers(0, 20))
def test_a_place_stays_good_when_its_ban_is_gone(bans: list[Ban], order: BanOrder, size: int, gone: int) -> None:
    ordered = in_order(bans, order)
    page = sorter_of(order).page(ordered, size)
    if page.next is None:
        return
    without = [ban for ban in ordered if ban != page.bans[-1]]
    assert sorter_of(order).page(without, size, after=page.next).bans == tuple(without[size - 1 : 2 * size - 1])


@given(bans_strategy, st.sampled_from(BanKey))
def test_a_list_that_is_turned_around_is_turned_around_in_all_of_it(bans: list[Ban], key: BanKey) -> None:
    assert in_order(bans, BanOrder(key, is_descending=True)) == in_order(bans, BanOrder(key, is_descending=False))[::-1]


@pytest.mark.parametrize(
    ("order", "ids"),
    [
        (BanOrder(), ["2001:db8::1", "9.0.0.0/8", "10.0.0.2", "a", "10.0.0.1"]),
        (BanOrder(BanKey.LEFT, is_descending=False), ["9.0.0.0/8", "10.0.0.1", "10.0.0.2", "2001:db8::1", "a"]),
        (BanOrder(BanKey.ADDRESS, is_descending=False), ["9.0.0.0/8", "10.0.0.1", "10.0.0.2", "2001:db8::1", "a"]),
        (BanOrder(BanKey.JAIL, is_descending=False), ["10.0.0.2", "10.0.0.1", "2001:db8::1", "9.0.0.0/8", "a"]),
        (BanOrder(BanKey.COUNTRY, is_descending=False), ["a", "10.0.0.2", "10.0.0.1", "2001:db8::1", "9.0.0.0/8"]),
        (BanOrder(BanKey.NETWORK, is_descending=False), ["10.0.0.2", "10.0.0.1", "2001:db8::1", "9.0.0.0/8", "a"]),
    ],
)
def test_what_is_unknown_or_without_end_comes_after_all_others(order: BanOrder, ids: list[str]) -> None:
    bans = [
        make_ban("10.0.0.1", "a", age=500, duration=600),
        make_ban("10.0.0.2", "a", age=30, duration=600),
        make_ban("9.0.0.0/8", "b", age=20, duration=60),
        make_ban("2001:db8::1", "b", age=10, duration=6000),
        make_ban("a", "b", age=50, duration=None),
    ]
    assert [ban.id for ban in in_order(bans, order)] == ids


def test_new_bans_on_top_leave_a_page_as_it_is() -> None:
    old = in_order([make_ban(f"192.0.2.{number}", age=1000 + number) for number in range(20)], BanOrder())
    sorter = sorter_of(BanOrder())
    first = sorter.page(old, 5)
    new = in_order([*old, *(make_ban(f"198.51.100.{number}", age=number) for number in range(7))], BanOrder())
    before, after = (sorter.page(bans, 5, after=first.next) for bans in (old, new))
    assert before.bans == after.bans
    assert (before.before, after.before) == (5, 12)


def test_a_place_that_nobody_has_leads_nowhere() -> None:
    ordered = in_order([make_ban("192.0.2.1")], BanOrder())
    page = sorter_of(BanOrder()).page(ordered, 5, after=BanPlace(1e18, 1e18, "", ""))
    assert (page.bans, page.before, page.previous, page.next) == ((), 1, None, None)
