from __future__ import annotations

from bangui.domain.allow_notes import AllowNote, ended_in, wanted_in

NOW = 10_000


def a_note(entry: str, jail: str | None = None, ends: int | None = None, found_in: tuple[str, ...] = ()) -> AllowNote:
    return AllowNote("here", jail, entry, "", "ada", 0, ends, found_in)


def test_a_note_about_every_jail_is_about_those_to_come() -> None:
    notes = [a_note("192.0.2.1"), a_note("192.0.2.2", "sshd")]
    assert wanted_in("sshd", notes, NOW) == {"192.0.2.1", "192.0.2.2"}
    assert wanted_in("new", notes, NOW) == {"192.0.2.1"}


def test_a_note_wants_nothing_from_the_moment_it_ends() -> None:
    notes = [a_note("192.0.2.1", ends=NOW), a_note("192.0.2.2", ends=NOW + 1)]
    assert wanted_in("sshd", notes, NOW) == {"192.0.2.2"}
    assert ended_in("sshd", notes, NOW) == {"192.0.2.1"}


def test_what_another_note_still_wants_does_not_leave() -> None:
    notes = [a_note("192.0.2.1", ends=NOW), a_note("192.0.2.1", "sshd")]
    assert ended_in("sshd", notes, NOW) == set()
    assert ended_in("web", notes, NOW) == {"192.0.2.1"}


def test_what_was_there_before_does_not_leave() -> None:
    notes = [a_note("192.0.2.1", ends=NOW, found_in=("sshd",))]
    assert ended_in("sshd", notes, NOW) == set()
    assert ended_in("web", notes, NOW) == {"192.0.2.1"}
