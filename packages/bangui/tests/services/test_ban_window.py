from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bangui.domain.bans import Ban
from bangui.services.ban_window import BanFilter, BanPosition, find_window
from packages.bangui.tests.web.scripted import NOW, make_ban, make_snapshot

EVERYTHING = BanFilter()

bans_strategy = st.lists(
    st.builds(
        lambda id_, jail, age: make_ban(id_, jail, age=age),
        st.text(max_size=3),
        st.sampled_from(["a", "b", "c"]),
        st.integers(0, 5),
    ),
    unique_by=lambda ban: (ban.jail, ban.id),
    max_size=40,
)


def in_order(bans: list[Ban]) -> list[Ban]:
    return sorted(bans, key=lambda ban: (-ban.banned_at.timestamp(), ban.id, ban.jail))


@given(bans_strategy, st.integers(1, 7))
def test_walking_to_older_pages_shows_every_ban_once_newest_first(bans: list[Ban], size: int) -> None:
    snapshot = make_snapshot(bans)
    window = find_window(snapshot, EVERYTHING, size=size)
    seen = list(window.bans)
    while window.older is not None:
        window = find_window(snapshot, EVERYTHING, size=size, older_than=window.older)
        assert window.before == len(seen)
        seen += window.bans
    assert seen == in_order(bans)


@given(bans_strategy, st.integers(1, 7))
def test_walking_back_to_newer_pages_shows_the_rows_just_before(bans: list[Ban], size: int) -> None:
    snapshot = make_snapshot(bans)
    ordered = in_order(bans)
    for place, ban in enumerate(ordered):
        edge = BanPosition(ban.banned_at, ban.id, ban.jail)
        window = find_window(snapshot, EVERYTHING, size=size, newer_than=edge)
        start = max(place - size, 0)
        assert window.before == start
        assert list(window.bans) == ordered[start : start + size]


def test_a_page_keeps_its_rows_while_new_bans_arrive_on_top() -> None:
    old = [make_ban(f"192.0.2.{number}", age=1000 + number) for number in range(20)]
    first = find_window(make_snapshot(old), EVERYTHING, size=5)
    before = find_window(make_snapshot(old), EVERYTHING, size=5, older_than=first.older)
    new = [make_ban(f"198.51.100.{number}", age=number) for number in range(7)]
    after = find_window(make_snapshot(old + new), EVERYTHING, size=5, older_than=first.older)
    assert after.bans == before.bans
    assert (before.before, after.before) == (5, 12)


def test_a_position_stays_good_when_its_ban_is_gone() -> None:
    bans = [make_ban(f"192.0.2.{number}", age=number) for number in range(10)]
    window = find_window(make_snapshot(bans), EVERYTHING, size=4)
    without_edge = make_snapshot(ban for ban in bans if ban != window.bans[-1])
    assert find_window(without_edge, EVERYTHING, size=4, older_than=window.older).bans == tuple(bans[4:8])


@pytest.mark.parametrize(
    ("only", "ids"),
    [
        (BanFilter(jail="sshd"), ["192.0.2.1", "2001:db8::AB"]),
        (BanFilter(jail="gone"), []),
        (BanFilter(text="db8::ab"), ["2001:db8::AB"]),
        (BanFilter(text="RECI"), ["198.51.100.1"]),
        (BanFilter(jail="sshd", text="198"), []),
    ],
)
def test_filters_by_jail_and_by_text_in_any_case(only: BanFilter, ids: list[str]) -> None:
    bans = [
        make_ban("192.0.2.1", "sshd", age=1),
        make_ban("198.51.100.1", "recidive", age=2),
        make_ban("2001:db8::AB", "sshd", age=3),
    ]
    window = find_window(make_snapshot(bans), only, size=10)
    assert [ban.id for ban in window.bans] == ids
    assert window.matching == len(ids)


def test_names_the_jails_that_are_counted_but_not_listed() -> None:
    snapshot = make_snapshot([make_ban("192.0.2.1")], unlisted={"recidive": 5000})
    assert [jail.jail for jail in find_window(snapshot, EVERYTHING, size=10).unlisted] == ["recidive"]
    assert find_window(snapshot, BanFilter(jail="sshd"), size=10).unlisted == ()


def test_a_page_behind_the_last_ban_is_empty_but_leads_back() -> None:
    snapshot = make_snapshot([make_ban("192.0.2.1")])
    long_ago = BanPosition(NOW - timedelta(days=9), "", "")
    window = find_window(snapshot, EVERYTHING, size=10, older_than=long_ago)
    assert (window.bans, window.before, window.older) == ((), 1, None)
