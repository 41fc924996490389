from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bangui.domain.allow_list import AllowLine, AllowOrigin, AllowView, EntryKind
from bangui.domain.allow_warnings import AllowWarning
from bangui.web.allow_contexts import AllowListView, Reach
from bangui.web.allow_query import AllowQuery
from bangui.web.allow_view import Around, build_allow_list

NOW = datetime(2026, 11, 25, tzinfo=UTC)
JAILS = ("a", "b", "c", "d", "e")


def a_line(entry: str, *jails: str, kind: EntryKind = EntryKind.ADDRESS, for_all: bool = False) -> AllowLine:
    return AllowLine(entry, kind, AllowOrigin.BANGUI, jails, for_all=for_all, is_everywhere=jails == JAILS)


def build(*lines: AllowLine, query: AllowQuery | None = None, address: str | None = None) -> AllowListView:
    allowed = AllowView("here", JAILS, lines, ("a",))
    return build_allow_list(allowed, query or AllowQuery(), Around(NOW, address))


@pytest.mark.parametrize(
    ("address", "reach", "lacking"),
    [
        ("192.0.2.9", Reach.EVERYWHERE, ()),
        ("198.51.100.7", Reach.SOMEWHERE, ("c", "d", "e")),
        ("2001:db8::1", Reach.NOWHERE, JAILS),
    ],
)
def test_the_viewer_is_told_whether_they_could_be_banned(address: str, reach: Reach, lacking: tuple[str, ...]) -> None:
    lines = (a_line("192.0.2.0/24", *JAILS), a_line("198.51.100.7", "a"), a_line("198.51.100.0/24", "b", "a"))
    viewer = build(*lines, address=address).viewer
    assert viewer is not None
    assert (viewer.reach, viewer.lacking) == (reach, lacking)
    assert viewer.path == f"/allow-list?entry={address}#add"


@pytest.mark.parametrize("address", [None, "127.0.0.1", "::1", "no address"])
def test_nobody_needs_to_be_told_who_has_no_address_of_their_own(address: str | None) -> None:
    assert build(address=address).viewer is None


def test_only_the_first_jails_of_a_row_are_named() -> None:
    (row,) = build(a_line("192.0.2.1", "a", "b", "c", "d")).rows
    assert ([jail.name for jail in row.jails], row.more, row.all_jails) == (["a", "b", "c"], 1, "a, b, c, d")
    assert row.jails[0].path == "/allow-list?jail=a"


def test_a_removal_names_the_jails_of_its_line() -> None:
    lines = (
        a_line("192.0.2.1", "a", "b"),
        a_line("192.0.2.2", *JAILS, for_all=True),
        a_line("file:/x", "a", kind=EntryKind.FILE),
    )
    assert [row.removal for row in build(*lines).rows] == [("a", "b"), (), None]


def test_an_address_leads_to_its_page_and_is_warned_about_where_it_is_wide() -> None:
    lines = (a_line("0.0.0.0/0", "a"), a_line("name", "a", kind=EntryKind.NAME))
    wide, name = build(*lines).rows
    assert (wide.path, wide.warning) == ("/address?id=0.0.0.0/0", AllowWarning.EVERYTHING)
    assert (name.path, name.warning) == (None, None)


def test_each_filter_in_force_can_be_taken_away() -> None:
    chips = build(query=AllowQuery(q="192.0.2.1", jail="a", origin="bangui", rows="400")).chips
    assert [(chip.name, chip.text, chip.path) for chip in chips] == [
        ("Covers or lies in", "192.0.2.1", "/allow-list?jail=a&origin=bangui"),
        ("Jail", "a", "/allow-list?q=192.0.2.1&origin=bangui"),
        ("From", "BanGUI", "/allow-list?q=192.0.2.1&jail=a"),
    ]


def test_in_how_many_jails_the_machine_allows_itself_is_told() -> None:
    own = build().own
    assert own is not None
    assert (own.reach, own.jails) == (Reach.SOMEWHERE, "a")
