from __future__ import annotations

import json

import pytest

from bangui.domain.errors import AwayReason, DaemonAway
from packages.bangui.tests.cli.harness import Bangui
from packages.bangui.tests.cli.test_why import KEYS
from packages.bangui.tests.filled_history import NOW, ban


@pytest.fixture
def filled(bangui: Bangui) -> Bangui:
    bangui.history.record()
    return bangui


def test_what_was_before_follows_what_is_now(filled: Bangui) -> None:
    filled("ban", "sshd", "203.0.113.7")
    outcome = filled("why", "203.0.113.7", columns=80)
    assert (outcome.code, outcome.err) == (0, "")
    now, before = outcome.out.split("history of 203.0.113.7")
    assert now.startswith("203.0.113.7 is banned in sshd, recidive\n\nsshd\n")
    assert "  from   DE, AS64500 EVIL-NET\n" in before
    assert "Failed password for root" in before
    assert "from others in 203.0.113.0/24: 4 bans in all\n" in before
    assert before.endswith("network by networks of tests (CC0): see\n  bangui geo\n")


def test_one_that_is_not_banned_is_told_with_what_was_before(filled: Bangui) -> None:
    outcome = filled("why", "203.0.113.9")
    assert outcome.code == 0  # by the ban of the network around it
    outcome = filled("why", "198.51.100.20")
    assert outcome.code == 1
    assert "  seen   0 bans, 2 failures, all in postfix\n" in outcome.out


def test_without_fail2ban_the_history_answers_alone(filled: Bangui) -> None:
    filled.gateway.away = DaemonAway("it is gone", "start it", reason=AwayReason.MISSING)
    outcome = filled("why", "203.0.113.7")
    assert (outcome.code, outcome.err) == (3, "bangui: it is gone: start it\n")
    assert outcome.out.startswith("fail2ban is away, so nobody knows who is banned now; this is what was before\n\n")
    assert "history of 203.0.113.7" in outcome.out


def test_a_history_that_cannot_be_read_does_not_hide_who_is_banned_now(bangui: Bangui) -> None:
    bangui.history.path.write_bytes(b"no database" * 1_000)
    outcome = bangui("why", "2001:db8::7")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.startswith("2001:db8::7 is banned in sshd\n")
    assert "what was before is not known: " in outcome.out
    assert "file is not a database" in outcome.out


def test_all_tells_every_line_of_every_ban(filled: Bangui) -> None:
    assert filled("why", "203.0.113.7", columns=80).out.count("Failed password") == 4
    assert filled("why", "203.0.113.7", "--all", columns=200).out.count("Failed password") == 7


def test_a_network_is_told_by_what_came_from_it(filled: Bangui) -> None:
    outcome = filled("why", "203.0.113.0/25", columns=80)
    assert outcome.code == 0  # by the ban of the network around it
    assert "203.0.113.9 in sshd" in outcome.out


def test_the_json_holds_the_history(filled: Bangui) -> None:
    answer = json.loads(filled("why", "203.0.113.7", "--json").out)
    assert set(answer) == KEYS
    assert (answer["banned"], answer["history_problem"]) == (True, None)
    assert [ban["time"] for ban in answer["history"]["bans"]] == [
        "2026-06-01T11:00:00.000+00:00",
        "2026-06-01T08:55:00.000+00:00",
    ]
    assert [source["what"] for source in answer["data_sources"]] == ["country", "network"]


def test_the_json_without_fail2ban_does_not_say_that_nobody_is_banned(filled: Bangui) -> None:
    filled.gateway.away = DaemonAway("it is gone", "start it", reason=AwayReason.SLOW)
    outcome = filled("why", "203.0.113.7", "--json")
    answer = json.loads(outcome.out)
    assert set(answer) == KEYS
    assert (outcome.code, answer["banned"], answer["problem"]) == (5, None, "it is gone")
    assert answer["history"]["summary"]["bans"] == 2


def test_a_history_that_ends_before_the_ban_says_so(filled: Bangui) -> None:
    filled.pass_time(30)
    filled("ban", "sshd", "203.0.113.9")
    assert "nothing was recorded since this ban began" in filled("why", "203.0.113.9").out
    minutes = (NOW - filled.now).total_seconds() / 60
    filled.history.record([ban("203.0.113.9", minutes)])
    assert "nothing was recorded" not in filled("why", "203.0.113.9").out
