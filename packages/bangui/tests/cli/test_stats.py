from __future__ import annotations

import json

import pytest

from packages.bangui.tests.cli.harness import Bangui
from packages.bangui.tests.filled_history import NUMBER_OF_EVENTS


@pytest.fixture
def filled(bangui: Bangui) -> Bangui:
    bangui.history.record()
    return bangui


def test_on_a_terminal_it_is_tables_and_charts_that_fit(filled: Bangui) -> None:
    outcome = filled("stats", "--since", "6h", "--by", "hour", columns=80)
    assert (outcome.code, outcome.err) == (0, "")
    lines = outcome.out.splitlines()
    assert lines[0] == "2026-06-01 07:00 to 2026-06-01 13:00: 6 h, compared with the 6 h before"
    assert "failure      12       5   +140%" in lines
    assert "sshd        2        10            1   +100%" in lines
    assert "bans, each step 1h" in lines
    assert lines[-2].startswith(f"history: {NUMBER_OF_EVENTS} events since 2026-05-30 10:00, the newest 1 h ago;")
    assert max(map(len, lines)) <= 80
    assert any("█" in line for line in lines)


def test_the_charts_of_bans_and_failures_stand_below_each_other(filled: Bangui) -> None:
    lines = filled("stats", "--since", "6h", "--by", "hour", columns=80).out.splitlines()
    axes = [line for line in lines if line.startswith("    2026-06-01 07:00 ")]
    assert len(axes) == 2
    assert axes[0] == axes[1]


def test_where_the_history_is_too_young_nothing_is_compared(filled: Bangui) -> None:
    outcome = filled("stats", "--since", "3d", columns=80)
    assert "nothing to compare with yet" in outcome.out
    assert "BEFORE" not in outcome.out
    assert "days in UTC" not in outcome.out


def test_in_a_pipe_every_kind_jail_and_step_is_there(filled: Bangui) -> None:
    kinds, jails, steps = filled("stats", "--since", "6h", "--by", "hour").out.split("\n\n")
    assert [line.split()[0] for line in kinds.splitlines()] == [
        "EVENT",
        "failure",
        "ban",
        "unban",
        "restore",
        "repeal",
        "prolong",
        "reban",
        "ignored",
        "already-banned",
    ]
    assert jails.splitlines()[1].split() == ["sshd", "2", "10", "1", "5"]
    assert steps.splitlines()[2].split() == ["2026-06-01T08:00:00+00:00", "1", "5"]
    assert len(steps.splitlines()) == 7


def test_when_nothing_happened_the_exit_status_says_so(filled: Bangui) -> None:
    outcome = filled("stats", "--since", "5m", columns=80)
    assert outcome.code == 1
    assert "nothing happened" in outcome.out
    assert "history: " in outcome.out


def test_a_jail_alone_can_be_asked_for(filled: Bangui) -> None:
    answer = json.loads(filled("stats", "--jail", "postfix", "--json").out)
    assert answer["kinds"]["failure"]["number"] == 2
    assert [jail["jail"] for jail in answer["jails"]] == ["postfix"]


def test_the_json_has_the_documented_keys(filled: Bangui) -> None:
    answer = json.loads(filled("stats", "--since", "6h", "--json").out)
    assert set(answer) == {"since", "until", "comparable", "kinds", "jails", "step", "steps", "history"}
    assert answer["kinds"]["ban"] == {"number": 3, "before": 1}
    assert answer["step"] == 900
    assert set(answer["history"]) == {"events", "first", "last", "disk_bytes", "schema", "place"}
    assert answer["history"]["events"] == NUMBER_OF_EVENTS
    assert answer["history"]["disk_bytes"] > 0
