from __future__ import annotations

from aiofail2ban._commands import jails
from aiofail2ban.types import JailStatistics

BASIC = [
    ("Filter", [("Currently failed", 1), ("Total failed", 2), ("Journal matches", [""])]),
    ("Actions", [("Currently banned", 3), ("Total banned", 4), ("Banned IP list", ["192.0.2.1"])]),
]


def test_statistics_are_read_from_every_flavour() -> None:
    assert jails.parse_statistics(["systemd", (1, 2), (3, 4)]) == JailStatistics(1, 2, 3, 4, backend="systemd")
    assert jails.parse_statistics(BASIC) == JailStatistics(1, 2, 3, 4)


def test_a_journal_without_a_match_has_none() -> None:
    assert jails.parse_status(BASIC).journal_matches == ()


def test_what_is_unknown_in_a_status_is_ignored() -> None:
    value = [
        ("Filter", [("Currently failed", 1), ("Total failed", 2), ("Mood", "good")]),
        ("Actions", [("Currently banned", 3), ("Total banned", 4)]),
        ("Weather", []),
    ]
    assert jails.parse_status(value).total_banned == 4


def test_names_that_contain_the_separator_are_not_guessed_at() -> None:
    assert jails.split_jail_list(2, "app, sshd") == ("app", "sshd")
    assert jails.split_jail_list(0, "") == ()
    assert jails.split_jail_list(1, "") == ("",)
    assert jails.split_jail_list(1, "a, b") is None
