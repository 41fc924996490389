from __future__ import annotations

from aiofail2ban import RemoteObject
from aiofail2ban._commands import filters


def test_a_plus_separates_groups_of_a_journal_match() -> None:
    assert filters.split_groups(["A=1", "B=2", "+", "C=3"]) == [("A=1", "B=2"), ("C=3",)]
    assert filters.split_groups(["+", "A=1", "+"]) == [("A=1",)]
    assert filters.split_groups([]) == []


def test_a_file_of_addresses_is_shown_by_its_path() -> None:
    file_set = RemoteObject("fail2ban.server.ipdns", "FileIPAddrSet", ([],), {"fileName": "/etc/ignored"})
    assert filters.parse_ignoreip(["192.0.2.1", file_set]) == ("192.0.2.1", "file:/etc/ignored")


def test_the_options_of_a_cache_are_one_text() -> None:
    command = filters.set_ignorecache("sshd", "<ip>", 10, "5m")
    assert command.request[-1] == 'key="<ip>", max-count=10, max-time=300'


def test_a_jail_that_never_had_an_ignoring_command_says_false() -> None:
    assert filters.parse_ignorecommand(False) == ""
