from __future__ import annotations

import pytest

from bangui.domain.allow_list import AllowLine, AllowOrigin, EntryKind, allow_view, canonical_entry, kind_of
from bangui.domain.allow_notes import AllowNote
from bangui.domain.jails import AllowList


def a_list(jail: str, *entries: str, own: bool = False) -> AllowList:
    return AllowList("here", jail, entries, own)


def a_note(entry: str, jail: str | None = None, found_in: tuple[str, ...] = (), note: str = "office") -> AllowNote:
    return AllowNote("here", jail, entry, note, "ada", 5, 9, found_in)


@pytest.mark.parametrize(
    ("entry", "kind"),
    [
        ("192.0.2.1", EntryKind.ADDRESS),
        ("2001:db8::/32", EntryKind.NETWORK),
        ("localhost.invalid", EntryKind.NAME),
        ("file:/etc/allowed", EntryKind.FILE),
        ("<b>\x1b[2J", EntryKind.NAME),
        ("", EntryKind.NAME),
    ],
)
def test_every_entry_is_of_a_kind(entry: str, kind: EntryKind) -> None:
    assert kind_of(entry) is kind


def test_addresses_have_one_spelling_and_names_their_own() -> None:
    assert canonical_entry("::192.0.2.1") == canonical_entry("::c000:201")
    assert canonical_entry("Name.Example") == "Name.Example"


def test_a_network_of_everything_is_known_as_fail2ban_lists_it() -> None:
    view = allow_view("here", [a_list("a", "0.0.0.0", "::")], [a_note("0.0.0.0/0")])
    assert [(line.entry, line.kind) for line in view.lines] == [
        ("0.0.0.0/0", EntryKind.NETWORK),
        ("::/0", EntryKind.NETWORK),
    ]


def test_what_nobody_noted_is_the_configurations() -> None:
    view = allow_view("here", [a_list("a", "192.0.2.1", "name"), a_list("b", "192.0.2.1", own=True)], [])
    assert view.lines == (
        AllowLine("192.0.2.1", EntryKind.ADDRESS, AllowOrigin.CONFIGURATION, ("a", "b"), is_everywhere=True),
        AllowLine("name", EntryKind.NAME, AllowOrigin.CONFIGURATION, ("a",)),
    )
    assert (view.jails, view.own_addresses) == (("a", "b"), ("b",))


def test_a_note_makes_a_line_with_the_jails_where_it_holds_and_where_not_yet() -> None:
    view = allow_view("here", [a_list("a", "192.0.2.1"), a_list("b")], [a_note("192.0.2.1")])
    assert view.lines == (
        AllowLine(
            "192.0.2.1", EntryKind.ADDRESS, AllowOrigin.BANGUI, ("a",), ("b",), (), True, False, "office", "ada", 5, 9
        ),
    )


def test_notes_that_were_written_together_are_one_line() -> None:
    lists = [a_list("a", "192.0.2.1"), a_list("b", "192.0.2.1"), a_list("c")]
    (line,) = allow_view("here", lists, [a_note("192.0.2.1", "a"), a_note("192.0.2.1", "b")]).lines
    assert (line.jails, line.missing, line.for_all, line.is_everywhere) == (("a", "b"), (), False, False)


def test_other_notes_and_the_rest_are_lines_of_their_own() -> None:
    lists = [a_list(name, "192.0.2.1") for name in "abc"]
    lines = allow_view("here", lists, [a_note("192.0.2.1", "a"), a_note("192.0.2.1", "b", note="home")]).lines
    assert sorted((line.note, line.jails) for line in lines) == [("", ("c",)), ("home", ("b",)), ("office", ("a",))]


def test_a_note_about_what_was_there_before_stays_with_the_configuration() -> None:
    lists = [a_list("a", "192.0.2.1"), a_list("b", "192.0.2.1")]
    (line,) = allow_view("here", lists, [a_note("192.0.2.1", found_in=("a", "b"))]).lines
    assert (line.origin, line.note) == (AllowOrigin.CONFIGURATION, "office")
    (line,) = allow_view("here", lists, [a_note("192.0.2.1", found_in=("a",))]).lines
    assert line.origin is AllowOrigin.BANGUI


def test_lines_are_in_the_order_of_addresses_and_names_come_last() -> None:
    entries = ("name", "2001:db8::1", "192.0.2.10", "192.0.2.9", "192.0.2.0/24", "file:/x")
    lines = allow_view("here", [a_list("a", *entries)], []).lines
    assert [line.entry for line in lines] == [
        "192.0.2.0/24",
        "192.0.2.9",
        "192.0.2.10",
        "2001:db8::1",
        "file:/x",
        "name",
    ]


def test_a_note_about_a_jail_that_does_not_run_is_still_there() -> None:
    (line,) = allow_view("here", [], [a_note("192.0.2.1", "a")]).lines
    assert (line.jails, line.missing, line.stopped) == ((), (), ("a",))
    assert (line.origin, line.is_everywhere) == (AllowOrigin.BANGUI, False)
