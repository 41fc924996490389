from __future__ import annotations

import pytest

from bangui.domain.addresses import parse_address
from bangui.domain.allow_notes import AllowNote
from bangui.domain.errors import InvalidInput, UnknownJail
from bangui.domain.jails import AllowList
from bangui.services.allow_changes import (
    MOST_AT_ONCE,
    NewAllowed,
    addition_in_words,
    checked_entries,
    chosen_jails,
    read_allow_lists,
    undo_of_removal,
)
from packages.bangui.tests.access import NOW
from packages.bangui.tests.memory import MemoryGateway, MemoryJail

OFFICE = parse_address("192.0.2.0/24")


def a_note(jail: str | None = None, ends: int | None = None, made: int = NOW) -> AllowNote:
    return AllowNote("here", jail, OFFICE.text, f"made {made}", "ada", made, ends)


async def test_every_jail_is_read() -> None:
    gateway = MemoryGateway("here")
    gateway.jails = {"web": MemoryJail(), "sshd": MemoryJail(allowed=("::1",))}
    lists = await read_allow_lists(gateway)
    assert [(one.jail, one.entries) for one in lists] == [("sshd", ("::1",)), ("web", ())]


def test_each_entry_counts_once() -> None:
    assert checked_entries(NewAllowed((OFFICE, OFFICE))) == ("192.0.2.0/24",)


@pytest.mark.parametrize(
    "new",
    [
        NewAllowed(()),
        NewAllowed((parse_address("0.0.0.0"),)),
        NewAllowed((parse_address("::"),)),
        NewAllowed(tuple(parse_address(f"10.0.{number}.1") for number in range(MOST_AT_ONCE + 1))),
        NewAllowed((OFFICE,), note="x" * 1_001),
    ],
)
def test_what_makes_no_sense_is_refused(new: NewAllowed) -> None:
    with pytest.raises(InvalidInput):
        checked_entries(new)


def test_no_jail_means_every_jail_and_an_unknown_one_is_named() -> None:
    lists = [AllowList("here", "sshd", (), True), AllowList("here", "web", (), True)]
    assert chosen_jails((), lists) == ("sshd", "web")
    assert chosen_jails(("web", "web"), lists) == ("web",)
    with pytest.raises(UnknownJail) as refusal:
        chosen_jails(("sshdd",), lists)
    assert "sshd" in refusal.value.hint


def test_an_addition_is_told_in_words() -> None:
    assert addition_in_words(NewAllowed((OFFICE,)), None, 0) == "every jail"
    told = addition_in_words(NewAllowed((OFFICE,), ("a", "b"), " office "), 1_800_000_000_000, 3)
    assert told == "a, b; until 2027-01-15 08:00:00 UTC; bans lifted: 3; note: office"


def test_a_removal_is_undone_as_the_newest_note_had_it() -> None:
    notes = [a_note(made=NOW - 9), a_note(ends=NOW + 60_500), a_note("web", made=NOW - 5)]
    assert undo_of_removal(OFFICE.text, (), notes, NOW) == NewAllowed((OFFICE,), (), f"made {NOW}", 60)
    assert undo_of_removal(OFFICE.text, ("web",), [], NOW) == NewAllowed((OFFICE,), ("web",))
    assert undo_of_removal(OFFICE.text, (), [a_note(ends=NOW)], NOW) is None
    assert undo_of_removal("name.invalid", (), [], NOW) is None
