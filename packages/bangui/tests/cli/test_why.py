from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from bangui.domain.errors import AwayReason, DaemonAway
from packages.bangui.tests.cli.harness import Bangui

KEYS = {
    "host",
    "id",
    "is_address",
    "banned",
    "bans",
    "allowed_by",
    "jails_asked",
    "problem",
    "history",
    "history_problem",
    "data_sources",
}

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

what was before is not known: there is no history yet; make one with: sudo
  bangui collect --once, and keep it up with: sudo bangui serve
"""


def test_it_tells_every_ban_with_its_times_and_the_rule(bangui: Bangui) -> None:
    bangui("ban", "sshd", "203.0.113.7")
    outcome = bangui("why", "203.0.113.7", columns=80)
    assert (outcome.code, outcome.out) == (0, BANNED)


def test_in_a_pipe_its_times_are_exact(bangui: Bangui) -> None:
    assert "  since  2026-06-01T12:56:00+00:00\n" in bangui("why", "2001:db8::7").out


def test_who_is_not_banned_is_told_plainly(bangui: Bangui) -> None:
    outcome = bangui("why", "198.51.100.77")
    assert outcome.code == 1
    assert outcome.out.startswith("198.51.100.77 is not banned in any of the 2 jails\n\nwhat was before is not known")


def test_an_allow_list_that_covers_it_is_named(bangui: Bangui) -> None:
    out = bangui("why", "192.0.2.9").out
    assert "allow lists cover it, so these jails do not ban it by themselves:\n  sshd: 192.0.2.0/24\n" in out
    bangui("ban", "sshd", "192.0.2.9")
    assert "they stop new bans and do not lift this one" in bangui("why", "192.0.2.9").out


def test_the_machines_own_address_is_allowed_by_ignoreself(bangui: Bangui) -> None:
    assert "recidive: ignoreself" in bangui("why", "198.51.100.1").out


def test_a_text_that_is_no_address_is_looked_for_as_it_stands(bangui: Bangui) -> None:
    out = bangui("why", "evil \x1b[2J").out
    assert out.startswith("evil \\x1b[2J is not banned in any of the 2 jails (it is no address")


def test_the_json_has_the_documented_keys(bangui: Bangui) -> None:
    answer = json.loads(bangui("why", "2001:db8::7", "--json").out)
    assert set(answer) == KEYS
    assert (answer["problem"], answer["history"]) == (None, None)
    assert answer["history_problem"].startswith("there is no history")
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


def test_without_both_it_is_fail2ban_that_is_missed(bangui: Bangui) -> None:
    bangui.gateway.away = DaemonAway("it is gone", "start it", reason=AwayReason.DENIED)
    outcome = bangui("why", "203.0.113.7")
    assert (outcome.code, outcome.out, outcome.err) == (4, "", "bangui: it is gone: start it\n")


def test_without_a_history_nobody_waits_for_what_one_needs(tmp_path: Path) -> None:
    code = "import sys; from bangui.runtime import run_command; code = run_command(sys.argv[1:]);"
    code += " heavy = {'sqlalchemy', 'alembic', 'asyncio', 'bangui.domain.history'} & set(sys.modules);"
    code += " print(code, sorted(heavy))"
    place = ["--socket", str(tmp_path / "none.sock"), "--history", str(tmp_path / "none.sqlite3")]
    for words in (["why", "203.0.113.9"], ["ban", "sshd", "203.0.113.9"]):
        answer = subprocess.run(
            [sys.executable, "-c", code, *words, *place], capture_output=True, text=True, check=True
        )
        assert answer.stdout == "3 []\n", words
