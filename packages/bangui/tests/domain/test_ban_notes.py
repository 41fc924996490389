"""Which ban a note is about."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bangui.domain.ban_notes import EARLIEST, LONGEST_WAIT, notes_of_bans


def test_a_note_is_about_the_first_ban_from_then_on() -> None:
    assert notes_of_bans({"first": 105_000, "second": 110_000}, {"note": 100_000}) == {"first": "note"}


def test_a_ban_may_be_rounded_to_before_its_note() -> None:
    assert notes_of_bans({"ban": 100_000 - EARLIEST}, {"note": 100_000}) == {"ban": "note"}
    assert notes_of_bans({"ban": 100_000 - EARLIEST - 1}, {"note": 100_000}) == {}


def test_a_note_does_not_wait_for_ever() -> None:
    assert notes_of_bans({"ban": 100_000 + LONGEST_WAIT}, {"note": 100_000}) == {"ban": "note"}
    assert notes_of_bans({"ban": 100_001 + LONGEST_WAIT}, {"note": 100_000}) == {}


def test_of_two_notes_the_one_next_to_the_ban_has_it() -> None:
    assert notes_of_bans({"ban": 100_000}, {"vain": 60_000, "heard": 99_900}) == {"ban": "heard"}
    assert notes_of_bans({"ban": 100_000}, {"heard": 100_000, "again": 100_900}) == {"ban": "heard"}


def test_two_bans_may_have_two_notes() -> None:
    assert notes_of_bans({1: 100_000, 2: 130_000}, {"a": 100_000, "b": 130_000}) == {1: "a", 2: "b"}


@given(st.lists(st.integers(0, 300_000), unique=True), st.lists(st.integers(0, 300_000), unique=True))
def test_every_note_is_about_one_ban_at_most_and_near_it(bans: list[int], notes: list[int]) -> None:
    found = notes_of_bans({ban: ban for ban in bans}, {note: note for note in reversed(notes)})
    assert len(set(found.values())) == len(found)
    assert all(note - EARLIEST <= ban <= note + LONGEST_WAIT for ban, note in found.items())
    assert found == notes_of_bans({ban: ban for ban in reversed(bans)}, {note: note for note in notes})
