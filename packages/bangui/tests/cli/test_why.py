from __future__ import annotations

import json

from packages.bangui.tests.cli.harness import Bangui

BANNED = """\
203.0.113.7 is banned in sshd, recidive

sshd
  since  13:00:00 (0 s ago)
  until  14:00:00 (1 h left)
  rule   5 failures within 10m: banned for 1h

recidive, through the network 203.0.113.0/24
  since  12:00:00 (1 h ago)
  until  somebody unbans it (permanent)
  rule   3 failures within 1d: banned for ever
"""


def test_it_tells_every_ban_with_its_times_and_the_rule(bangui: Bangui) -> None:
    bangui("ban", "sshd", "203.0.113.7")
    outcome = bangui("why", "203.0.113.7", columns=80)
    assert (outcome.code, outcome.out) == (0, BANNED)


def test_in_a_pipe_its_times_are_exact(bangui: Bangui) -> None:
    assert "  since  2026-06-01T12:56:00+00:00\n" in bangui("why", "2001:db8::7").out


def test_who_is_not_banned_is_told_plainly(bangui: Bangui) -> None:
    outcome = bangui("why", "198.51.100.77")
    assert (outcome.code, outcome.out) == (1, "198.51.100.77 is not banned in any of the 2 jails\n")


def test_an_allow_list_that_covers_it_is_named(bangui: Bangui) -> None:
    out = bangui("why", "192.0.2.9").out
    assert out.endswith("allow lists cover it, so these jails do not ban it by themselves:\n  sshd: 192.0.2.0/24\n")
    bangui("ban", "sshd", "192.0.2.9")
    assert "they stop new bans and do not lift this one" in bangui("why", "192.0.2.9").out


def test_the_machines_own_address_is_allowed_by_ignoreself(bangui: Bangui) -> None:
    assert "recidive: ignoreself" in bangui("why", "198.51.100.1").out


def test_a_text_that_is_no_address_is_looked_for_as_it_stands(bangui: Bangui) -> None:
    out = bangui("why", "evil \x1b[2J").out
    assert out.startswith("evil \\x1b[2J is not banned in any of the 2 jails (it is no address")


def test_the_json_has_the_documented_keys(bangui: Bangui) -> None:
    answer = json.loads(bangui("why", "2001:db8::7", "--json").out)
    assert set(answer) == {"host", "id", "is_address", "banned", "bans", "allowed_by", "jails_asked"}
    assert answer["bans"] == [
        {
            "jail": "sshd",
            "id": "2001:db8::7",
            "exact": True,
            "banned_at": "2026-06-01T12:56:00+00:00",
            "duration": 3600,
            "ends_at": "2026-06-01T13:56:00+00:00",
            "permanent": False,
            "rule": {"maxretry": 5, "findtime": 600, "bantime": 3600, "bantime_increment": False},
        }
    ]
    assert bangui("why", "198.51.100.77", "--json").code == 1
