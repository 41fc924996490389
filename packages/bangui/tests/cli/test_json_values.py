from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from bangui.cli.json_values import ban_value, banned_value, dump, time_value, verdict_value
from bangui.domain.bans import Ban
from bangui.domain.outcomes import BannedId, BanResult
from bangui.domain.verdict import FoundBan, Verdict

NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


def test_json_is_ascii_so_that_no_terminal_acts_on_it() -> None:
    assert dump({"id": "\x1b\u202e\x9b"}) == '{"id": "\\u001b\\u202e\\u009b"}'


@pytest.mark.usefixtures("utc")
def test_times_carry_their_zone_and_a_permanent_ban_has_no_end() -> None:
    assert time_value(NOON) == "2026-06-01T12:00:00+00:00"
    assert time_value(None) is None
    assert ban_value(Ban("h", "sshd", "a", NOON, None, None))["ends_at"] is None


def test_results_are_words_without_blanks() -> None:
    assert banned_value(BannedId("a", BanResult.ALREADY_BANNED))["result"] == "already_banned"


def test_a_ban_whose_times_are_unknown_is_not_called_permanent() -> None:
    verdict = Verdict("h", "a", False, (FoundBan("sshd", "a", True, None, None),), (), ("sshd",))
    (found,) = json.loads(dump(verdict_value(verdict)))["bans"]
    assert (found["permanent"], found["banned_at"], found["rule"]) == (False, None, None)
