"""Notes about entries of allow lists, on both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Engine

from bangui.adapters.sql.allow_notes import SqlAllowNotes
from bangui.domain.allow_notes import AllowNote, AllowNotes

NOTE = AllowNote("here", None, "192.0.2.0/24", "the office", "ada", 1_000, 9_000, ("sshd", "a, b"))


@pytest.fixture
def notes(engine: Engine) -> AllowNotes:
    return SqlAllowNotes(lambda: engine)


def test_a_note_is_kept_as_it_is(notes: AllowNotes) -> None:
    endless = AllowNote("here", "sshd", "2001:db8::1", "", "bob", 2_000)
    notes.keep([NOTE, endless])
    assert set(notes.all("here")) == {NOTE, endless}


def test_a_host_has_notes_of_its_own(notes: AllowNotes) -> None:
    notes.keep([NOTE, replace(NOTE, host="there")])
    assert notes.all("there") == [replace(NOTE, host="there")]
    assert notes.all("nowhere") == []


def test_a_note_takes_the_place_of_the_one_about_the_same_jail_and_entry(notes: AllowNotes) -> None:
    other_jail = replace(NOTE, jail="sshd")
    notes.keep([NOTE, other_jail])
    newer = replace(NOTE, note="not the office", author="bob", ends=None, made=5_000)
    notes.keep([newer])
    assert set(notes.all("here")) == {newer, other_jail}


def test_a_forgotten_note_is_gone_and_the_others_stay(notes: AllowNotes) -> None:
    other = replace(NOTE, entry="192.0.2.1")
    notes.keep([NOTE, other])
    notes.forget([NOTE])
    notes.forget([NOTE])
    assert notes.all("here") == [other]


def test_a_note_that_was_replaced_meanwhile_is_not_forgotten(notes: AllowNotes) -> None:
    notes.keep([NOTE])
    newer = replace(NOTE, made=NOTE.made + 1)
    notes.keep([newer])
    notes.forget([NOTE])
    assert notes.all("here") == [newer]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("<script>\x1b[2J\u202e'; DROP TABLE allow_notes", "<script>\x1b[2J\u202e'; DROP TABLE allow_notes"),
        ("a\x00b\ud800", "a\ufffdb?"),
        ("x" * 9_000, "x" * 200),
    ],
)
def test_hostile_text_is_kept_as_far_as_it_can_be(notes: AllowNotes, written: str, kept: str) -> None:
    notes.keep([replace(NOTE, jail=written, author=written, host=written, found_in=(written,))])
    (note,) = notes.all(written)
    assert (note.jail, note.author, note.host, note.found_in) == (kept, kept, kept, (kept,))
    notes.forget([replace(NOTE, jail=written, host=written)])
    assert notes.all(written) == []
