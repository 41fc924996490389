from __future__ import annotations

import json

from packages.bangui.tests.cli.harness import Bangui

WIDE = """\
fail2ban 1.1.0 is running: 2 jails, 4 failing, 2 banned

JAIL      FAILING  BANNED  TOTAL FAILED  TOTAL BANNED
recidive        0       1             0             1
sshd            4       1            41             1
"""
NARROW = """\
fail2ban 1.1.0 is running: 2 jails, 4
  failing, 2 banned

JAIL      FAILING  BANNED  TOTAL BANNED
recidive        0       1             1
sshd            4       1             1
"""


def test_the_state_comes_first_then_the_jails(bangui: Bangui) -> None:
    assert bangui("status").out == WIDE
    assert bangui("status", columns=80).out == WIDE


def test_a_narrow_terminal_leaves_out_totals(bangui: Bangui) -> None:
    assert bangui("status", columns=40).out == NARROW


def test_a_sentence_is_broken_between_words_where_the_terminal_is_narrow(bangui: Bangui) -> None:
    bangui.gateway.version = "1.1.2.dev1"
    lines = bangui("status", columns=40).out.splitlines()
    assert lines[:2] == ["fail2ban 1.1.2.dev1 is running: 2 jails,", "  4 failing, 2 banned"]


def test_a_daemon_without_jails_protects_nothing_and_that_is_said(bangui: Bangui) -> None:
    bangui.gateway.jails = {}
    assert bangui("status").out == "fail2ban 1.1.0 is running and has no jails: nothing is protected\n"


def test_the_json_has_the_documented_keys(bangui: Bangui) -> None:
    status = json.loads(bangui("status", "--json").out)
    assert set(status) == {"host", "presence", "version", "taken_at", "jails"}
    assert status["jails"][1] == {
        "name": "sshd",
        "currently_failed": 4,
        "total_failed": 41,
        "currently_banned": 1,
        "total_banned": 1,
    }


def test_a_hostile_version_and_a_hostile_jail_are_inert(bangui: Bangui) -> None:
    bangui.gateway.version = "1\x1b[2J"
    bangui.gateway.jails["\x1b]0;owned\x07\u202e"] = bangui.gateway.jails.pop("sshd")
    out = bangui("status", columns=80).out
    assert "\x1b" not in out
    assert "\\x1b]0;owned\\x07\\u202e" in out
