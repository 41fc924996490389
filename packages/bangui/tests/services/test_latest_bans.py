from __future__ import annotations

from bangui.services.latest_bans import latest_bans
from packages.bangui.tests.web.scripted import few_bans, make_ban, make_snapshot, many_bans


def test_the_newest_of_all_jails_come_first() -> None:
    found = latest_bans(few_bans(), 3)
    assert [(ban.id, ban.jail) for ban in found] == [
        ("203.0.113.45", "sshd"),
        ("2001:db8:85a3:1319:8a2e:370:7344:1f0c", "sshd"),
        ("198.51.100.23", "nginx-http-auth"),
    ]


def test_bans_of_the_same_second_are_always_in_the_same_order() -> None:
    bans = [make_ban("192.0.2.2", "b"), make_ban("192.0.2.1", "b"), make_ban("192.0.2.2", "a")]
    for given in (bans, bans[::-1]):
        found = latest_bans(make_snapshot(given), 10)
        assert [(ban.id, ban.jail) for ban in found] == [("192.0.2.1", "b"), ("192.0.2.2", "a"), ("192.0.2.2", "b")]


def test_there_are_never_more_than_wanted_and_fewer_where_there_are_fewer() -> None:
    assert len(latest_bans(many_bans(1_000), 12)) == 12
    assert latest_bans(make_snapshot(), 12) == ()
