from __future__ import annotations

import json

import pytest

from packages.bangui.tests.cli.harness import Bangui
from packages.bangui.tests.filled_history import HOSTILE


@pytest.fixture
def filled(bangui: Bangui) -> Bangui:
    bangui.history.record()
    return bangui


def keys(bangui: Bangui, *words: str) -> list[str]:
    outcome = bangui("top", *words, "--json")
    assert (outcome.code, outcome.err) == (0, "")
    return [row["key"] for row in json.loads(outcome.out)["rows"]]


def test_addresses_are_counted_unless_something_else_is_asked_for(filled: Bangui) -> None:
    assert keys(filled)[0] == "203.0.113.7"
    assert set(keys(filled)) == {"203.0.113.7", "203.0.113.9", "203.0.113.0/24", "2001:db8::7", HOSTILE}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["addresses", "--by", "failures"], ["203.0.113.7", "2001:db8::7", "198.51.100.20"]),
        (["subnets", "--jail", "sshd"], ["203.0.113.0/24", "2001:db8::/48"]),
        (["networks", "--jail", "sshd"], ["64500", "64501"]),
        (["countries", "--jail", "sshd"], ["DE", "NL"]),
        (["jails"], ["sshd", "recidive", "web"]),
        (["addresses", "--country", "NL"], ["2001:db8::7"]),
        (["addresses", "--network", "AS64500", "--since", "3h"], ["203.0.113.7"]),
        (["addresses", "--limit", "1"], ["203.0.113.7"]),
    ],
)
def test_each_kind_of_key_is_counted(filled: Bangui, words: list[str], expected: list[str]) -> None:
    assert keys(filled, *words) == expected


def test_on_a_terminal_it_is_a_table_with_shares_names_and_the_source_of_the_data(filled: Bangui) -> None:
    outcome = filled("top", "networks", "--jail", "sshd", columns=80)
    assert (
        outcome.out
        == """\
NETWORK              BANS  FAILURES  SHARE  FIRST SEEN    LAST SEEN
AS64500 EVIL-NET        3        10    75%  May 30 12:00  2 h ago
AS64501 EXAMPLE-SIX     1         5    25%  11 h ago      11 h ago
country by countries of tests (CC0), network by networks of tests (CC0): see
  bangui geo
"""
    )


def test_in_a_pipe_it_is_complete_and_exact(filled: Bangui) -> None:
    outcome = filled("top", "--jail", "sshd", "--limit", "1")
    assert outcome.out.splitlines() == [
        "ADDRESS      BANS  FAILURES  SHARE  FIRST SEEN                 LAST SEEN                  COUNTRY  NETWORK",
        "203.0.113.7     2        10    50%  2026-06-01T08:53:56+00:00  2026-06-01T11:00:00+00:00  DE       AS64500",
    ]


def test_a_share_is_left_out_where_the_whole_is_not_known(filled: Bangui) -> None:
    assert "SHARE" not in filled("top", "--country", "DE").out
    answer = json.loads(filled("top", "--country", "DE", "--json").out)
    assert (answer["total"], answer["rows"][0]["share"]) == (None, None)


def test_what_cannot_be_narrowed_so_is_told(filled: Bangui) -> None:
    outcome = filled("top", "jails", "--country", "DE")
    assert outcome.code == 2
    assert outcome.err == "bangui: jails cannot be narrowed with --country: addresses and subnets can\n"


def test_when_nobody_was_banned_it_says_so_to_people_alone(filled: Bangui) -> None:
    assert filled("top", "--since", "1m", columns=80).out == "nothing found\n"
    outcome = filled("top", "--since", "1m")
    assert (outcome.code, outcome.out, outcome.err) == (1, "", "")


def test_the_json_has_the_documented_keys(filled: Bangui) -> None:
    answer = json.loads(filled("top", "networks", "--json").out)
    assert set(answer) == {"what", "by", "total", "rows", "data_sources"}
    assert answer["rows"][0] == {
        "key": "64500",
        "bans": 4,
        "failures": 10,
        "share": 0.6667,
        "first": "2026-05-30T10:00:00+00:00",
        "last": "2026-06-01T11:00:00+00:00",
        "country": None,
        "network": 64_500,
        "network_name": "EVIL-NET",
    }
