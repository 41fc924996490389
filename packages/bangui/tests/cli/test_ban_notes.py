from __future__ import annotations

import json

import pytest

from bangui.cli.ban_notes import author_name, checked_reason
from bangui.domain.errors import InvalidInput
from bangui.domain.history import Event, Origin
from bangui.domain.history_queries import Filter, Search
from packages.bangui.tests.cli.harness import Bangui
from packages.bangui.tests.filled_history import NOW, ban


@pytest.fixture
def filled(bangui: Bangui) -> Bangui:
    bangui.history.record()
    bangui.environment["SUDO_USER"] = "alice"
    return bangui


def recorded_ban(bangui: Bangui, id: str) -> Event:
    """Return the ban as the history keeps it once a collector has read fail2ban's database."""
    minutes = (NOW - bangui.now).total_seconds() / 60
    bangui.history.record([ban(id, minutes)])
    with bangui.history.open() as reader:
        return reader.search(Search(Filter(id=id), limit=1)).events[0]


def test_a_ban_is_noted_with_its_author_and_its_reason(filled: Bangui) -> None:
    outcome = filled("ban", "sshd", "192.0.2.1", "--reason", "  guesses \n passwords ")
    assert (outcome.code, outcome.err) == (0, "")
    event = recorded_ban(filled, "192.0.2.1")
    assert (event.origin, event.author, event.reason) == (Origin.HAND, "alice", "guesses passwords")


def test_a_ban_that_was_read_before_its_note_gets_it_all_the_same(filled: Bangui) -> None:
    recorded_ban(filled, "192.0.2.1")
    filled("ban", "sshd", "192.0.2.1", "--reason", "late")
    assert recorded_ban(filled, "192.0.2.1").reason == "late"


def test_without_a_reason_the_author_is_noted(filled: Bangui) -> None:
    filled("ban", "sshd", "192.0.2.1")
    event = recorded_ban(filled, "192.0.2.1")
    assert (event.origin, event.author, event.reason or "") == (Origin.HAND, "alice", "")


def test_what_comes_from_a_list_is_an_import(filled: Bangui) -> None:
    filled("ban", "sshd", "-", "--reason", "a block list", stdin="192.0.2.1\n192.0.2.2\n")
    assert recorded_ban(filled, "192.0.2.2").origin is Origin.IMPORT


def test_who_was_banned_already_is_not_noted(filled: Bangui) -> None:
    filled("ban", "sshd", "2001:db8::7", "--reason", "too late")
    assert recorded_ban(filled, "2001:db8::7").reason != "too late"


def test_without_a_history_a_ban_is_as_quiet_as_ever_and_makes_none(bangui: Bangui) -> None:
    outcome = bangui("ban", "sshd", "192.0.2.1")
    assert (outcome.code, outcome.err) == (0, "")
    assert not bangui.history.path.exists()


def test_a_reason_that_is_lost_is_a_warning_and_the_ban_is_in_force(bangui: Bangui) -> None:
    outcome = bangui("ban", "sshd", "192.0.2.1", "--reason", "why not")
    assert outcome.code == 0
    assert outcome.out == "banned 192.0.2.1 in sshd for 1h\n"
    assert outcome.err.startswith("bangui: the ban is in force, but the reason was not recorded: there is no history")
    assert outcome.err.count("\n") == 1
    warning = json.loads(bangui("ban", "sshd", "192.0.2.2", "--reason", "why not", "--json").err)["warning"]
    assert set(warning) == {"message", "hint"}


def test_a_damaged_history_is_a_warning_and_the_ban_is_in_force(bangui: Bangui) -> None:
    bangui.history.path.write_bytes(b"no database" * 1_000)
    outcome = bangui("ban", "sshd", "192.0.2.1")
    assert (outcome.code, outcome.out) == (0, "banned 192.0.2.1 in sshd for 1h\n")
    assert outcome.err.startswith("bangui: the ban is in force, but who banned was not recorded: ")


def test_a_reason_that_is_too_long_is_refused_before_anything_is_sent(filled: Bangui) -> None:
    outcome = filled("ban", "sshd", "192.0.2.1", "--reason", "x" * 501)
    assert (outcome.code, outcome.out) == (2, "")
    assert "192.0.2.1" not in filled("bans").out


def test_a_reason_is_one_line() -> None:
    assert checked_reason(" two\n lines\t") == "two lines"
    assert checked_reason(None) == ""
    with pytest.raises(InvalidInput):
        checked_reason("word " * 200)


@pytest.mark.parametrize(
    ("environment", "name"),
    [
        ({"SUDO_USER": "alice", "LOGNAME": "root"}, "alice"),
        ({"DOAS_USER": "bob", "USER": "root"}, "bob"),
        ({"SUDO_USER": " ", "USER": "carol"}, "carol"),
        ({"USER": "x" * 999}, "x" * 64),
    ],
)
def test_the_author_is_the_person_behind_sudo(environment: dict[str, str], name: str) -> None:
    assert author_name(environment) == name


def test_somebody_without_a_name_is_a_number() -> None:
    assert author_name({}).startswith("uid ")
