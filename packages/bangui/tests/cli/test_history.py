from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bangui.domain.history import BanNote, EventKind, Origin
from packages.bangui.tests.cli.harness import Bangui
from packages.bangui.tests.filled_history import HOST, HOSTILE, NUMBER_OF_EVENTS, ago, ban, event, failures

# The command line's own clock is an hour ahead of the story.
ON_A_TERMINAL = """\
TIME     KIND  ID                      JAIL  CC  NETWORK           DURATION  NTH
1 h ago  ban   evil \\x1b[2J\\u202ename  web                         10m         1
2 h ago  ban   203.0.113.7             sshd  DE  AS64500 EVIL-NET  2h          2
4 h ago  ban   203.0.113.7             sshd  DE  AS64500 EVIL-NET  1h          1
3 of 6 events; --limit 200 or --all shows more
country by countries of tests (CC0), network by networks of tests (CC0): see
  bangui geo
"""
IN_A_PIPE = """\
TIME                       KIND  ID                      JAIL      COUNTRY  NETWORK  DURATION   NTH  ORIGIN
2026-06-01T11:40:00+00:00  ban   evil \\x1b[2J\\u202ename  web       -        -        10m          1  filter
2026-06-01T11:00:00+00:00  ban   203.0.113.7             sshd      DE       AS64500  2h           2  filter
2026-06-01T08:55:00+00:00  ban   203.0.113.7             sshd      DE       AS64500  1h           1  filter
2026-06-01T02:00:00+00:00  ban   2001:db8::7             sshd      NL       AS64501  permanent    1  filter
2026-05-30T12:00:00+00:00  ban   203.0.113.9             sshd      DE       AS64500  10m          1  filter
2026-05-30T10:00:00+00:00  ban   203.0.113.0/24          recidive  DE       AS64500  permanent    1  filter
"""


@pytest.fixture
def filled(bangui: Bangui) -> Bangui:
    bangui.history.record()
    return bangui


def ids(bangui: Bangui, *words: str) -> list[str]:
    outcome = bangui("history", *words, "--json")
    assert outcome.err == ""
    return [event["id"] for event in json.loads(outcome.out)["events"]]


def test_in_a_pipe_every_event_is_a_line_with_exact_times_and_no_empty_cell(filled: Bangui) -> None:
    outcome = filled("history", "--kind", "ban")
    assert (outcome.code, outcome.out, outcome.err) == (0, IN_A_PIPE, "")
    assert len(filled("history").out.splitlines()) == NUMBER_OF_EVENTS + 1


def test_on_a_terminal_times_are_relative_and_it_is_told_how_to_see_more(filled: Bangui) -> None:
    assert filled("history", "--kind", "ban", "--limit", "3", columns=80).out == ON_A_TERMINAL


def test_a_terminal_is_filled_and_not_more_unless_all_is_wanted(filled: Bangui) -> None:
    filled.history.record(failures("192.0.2.1", 500, number=60))
    filled.environment["LINES"] = "30"
    assert filled("history", columns=80).out.count("\n") == 1 + 24 + 1 + 2
    assert "24 of 86 events" in filled("history", columns=80).out
    outcome = filled("history", "--all", columns=80)
    assert outcome.out.count("\n") == 1 + 86 + 2
    assert " of 86 events" not in outcome.out


@pytest.mark.parametrize("columns", [30, 60, 80, 120])
def test_no_line_is_wider_than_the_terminal(filled: Bangui, columns: int) -> None:
    filled.history.record([ban("2001:db8:1111:2222:3333:4444:5555:6666", 7, "a-jail-with-a-very-long-name")])
    filled.history.record([ban("x" * 500, 6)])
    outcome = filled("history", "--kind", "ban", columns=columns)
    assert max(map(len, outcome.out.splitlines())) <= columns
    assert ("2001:db8:1111:2222:3333:4444:5555:6666" in outcome.out) == (columns >= 80)


def test_columns_that_would_be_empty_are_left_out_on_a_terminal(filled: Bangui) -> None:
    assert filled("history", "--jail", "postfix", columns=80).out.splitlines()[0].split() == [
        "TIME",
        "KIND",
        "ID",
        "JAIL",
        "CC",
        "NETWORK",
    ]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["203.0.113.9", "--kind", "ban"], ["203.0.113.9"]),
        (["203.0.113.0/25", "--kind", "ban"], ["203.0.113.7", "203.0.113.7", "203.0.113.9"]),
        (["2001:db8:", "--kind", "ban,restore"], ["2001:db8::7", "2001:db8::7"]),
        (["evil*"], [HOSTILE]),
        (["--kind", "ban", "--jail", "recidive"], ["203.0.113.0/24"]),
        (["--kind", "ban", "--country", "NL"], ["2001:db8::7"]),
        (["--kind", "unban", "--network", "AS64500", "--since", "5h"], ["203.0.113.7"]),
        (["--text", "invalid user oracle"], ["203.0.113.7", "203.0.113.9"]),
        (
            ["--kind", "ban", "--since", "2026-06-01T02:00", "--until", "2026-06-01T08:56"],
            ["203.0.113.7", "2001:db8::7"],
        ),
        (["--kind", "ban", "--sort", "jail", "--limit", "2"], ["203.0.113.0/24", "203.0.113.9"]),
        (["--kind", "ban", "--reverse", "--limit", "2"], ["203.0.113.0/24", "203.0.113.9"]),
    ],
)
def test_the_options_choose_and_sort_the_events(filled: Bangui, words: list[str], expected: list[str]) -> None:
    assert ids(filled, *words) == expected


def test_a_ban_by_hand_tells_who_and_why(filled: Bangui) -> None:
    note = BanNote(HOST, "sshd", "192.0.2.1", ago(5), Origin.HAND, "alice", "scans \x1b[2J")
    filled.history.record([replace(ban("192.0.2.1", 5), origin=Origin.HAND)], [note])
    outcome = filled("history", "--origin", "hand", columns=120)
    assert outcome.out.splitlines()[0].endswith("  BY")
    assert outcome.out.splitlines()[1].endswith("  alice: scans \\x1b[2J")
    assert filled("history", "--origin", "hand").out.splitlines()[1].endswith("  hand")


def test_lines_stand_below_their_bans_and_are_inert(filled: Bangui) -> None:
    outcome = filled("history", "--kind", "ban", "--limit", "2", "--lines", columns=80)
    assert outcome.out.splitlines()[2:3] == ["  GET /?name=evil \\x1b[2J\\u202ename"]
    assert "  Jun  1 09:00:00 web sshd[77]: Failed password for invalid user oracle from" in outcome.out
    assert "\x1b" not in outcome.out


def test_with_json_it_is_one_object_with_one_event_a_line(filled: Bangui) -> None:
    outcome = filled("history", "--kind", "ban", "--lines", "--json")
    answer = json.loads(outcome.out)
    assert set(answer) == {"events", "data_sources"}
    assert len(answer["events"]) == 6
    assert answer["events"][1]["network_name"] == "EVIL-NET"
    assert len(answer["events"][1]["lines"]) == 2
    assert len(outcome.out.splitlines()) == 8


def test_when_nothing_is_found_it_says_so_to_people_alone(filled: Bangui) -> None:
    outcome = filled("history", "192.0.2.99")
    assert (outcome.code, outcome.out, outcome.err) == (1, "", "")
    assert filled("history", "192.0.2.99", columns=80).out == "nothing found\n"
    outcome = filled("history", "192.0.2.99", "--json")
    assert (outcome.code, json.loads(outcome.out)["events"]) == (1, [])


def test_a_history_without_events_says_that_nothing_was_recorded(bangui: Bangui) -> None:
    bangui.history.record([])
    assert bangui("history", columns=80).out == "nothing has been recorded yet\n"


def test_a_jail_that_is_given_as_an_address_is_pointed_out(filled: Bangui) -> None:
    outcome = filled("history", "sshd", columns=80)
    assert (outcome.code, outcome.out) == (1, "nothing found\nsshd is a jail: bangui history --jail sshd\n")


def test_several_addresses_are_told_together(filled: Bangui) -> None:
    assert ids(filled, "203.0.113.9", "2001:db8::7", "--kind", "ban") == ["2001:db8::7", "203.0.113.9"]
    outcome = filled("history", "203.0.113.9", "2001:db8::7", "--limit", "1", columns=80)
    assert "1 of 9 events; --limit 200 or --all shows more" in outcome.out
    outcome = filled("history", "203.0.113.9", "203.0.113.*", "--limit", "1", columns=80)
    assert "the first 1; --limit 200 or --all shows more" in outcome.out


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["--jail", "shsd"], 1, "there is no jail named 'shsd': did you mean 'sshd'?"),
        (["10.0.0.0/33"], 2, "'10.0.0.0/33' is not an address: "),
        (["--since", "never"], 2, "--since: 'never' is no time: expected something like 24h, 7d, today"),
        (["--since", "1h", "--until", "2h"], 2, "--until 2h is before --since 1h"),
        (["--kind", "banned"], 2, "argument --kind: expected one of failure, ban"),
    ],
)
def test_a_mistake_is_told_in_one_line(filled: Bangui, words: list[str], code: int, message: str) -> None:
    outcome = filled("history", *words)
    assert (outcome.code, outcome.out) == (code, "")
    assert outcome.err.startswith(f"bangui: {message}")
    assert outcome.err.count("\n") == 1


@pytest.mark.parametrize("command", ["history", "top", "stats", "export"])
def test_without_a_history_it_is_told_how_to_get_one(bangui: Bangui, command: str) -> None:
    outcome = bangui(command)
    assert (outcome.code, outcome.out) == (3, "")
    assert outcome.err.startswith("bangui: there is no history (")
    assert "sudo bangui collect --once" in outcome.err
    assert outcome.err.count("\n") == 1
    assert json.loads(bangui(command, "--json").err)["error"]["reason"] == "missing"
    assert bangui.opened[2:] == []  # fail2ban was not asked for any of it


@pytest.mark.parametrize("command", ["history", "top", "stats", "export"])
def test_a_file_that_is_no_history_is_told(bangui: Bangui, command: str) -> None:
    bangui.history.path.write_bytes(b"something else" * 1_000)
    outcome = bangui(command)
    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err.count("\n") == 1


def test_an_event_of_every_kind_is_shown(bangui: Bangui) -> None:
    bangui.history.record([event(kind, "192.0.2.1", number) for number, kind in enumerate(EventKind, 1)])
    kinds = [line.split()[1] for line in bangui("history").out.splitlines()[1:]]
    assert sorted(kinds) == sorted(kind.value.replace(" ", "-") for kind in EventKind)
