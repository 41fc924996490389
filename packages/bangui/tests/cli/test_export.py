from __future__ import annotations

import csv
import io
import json
import stat
from pathlib import Path

import pytest

from packages.bangui.tests.cli.harness import Bangui
from packages.bangui.tests.filled_history import HOSTILE, NUMBER_OF_EVENTS, ban

HEADER = "time,kind,jail,id,country,network,network_name,duration,ends_at,count,failures,origin,author,reason,host"


@pytest.fixture
def filled(bangui: Bangui) -> Bangui:
    bangui.history.record()
    return bangui


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_csv_has_a_header_and_one_row_for_each_event(filled: Bangui) -> None:
    outcome = filled("export")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.split("\r\n")[0] == HEADER
    assert len(table(outcome.out)) == NUMBER_OF_EVENTS
    newest = table(filled("export", "203.0.113.7", "--kind", "ban", "--limit", "1").out)
    assert newest == [
        {
            "time": "2026-06-01T11:00:00.000+00:00",
            "kind": "ban",
            "jail": "sshd",
            "id": "203.0.113.7",
            "country": "DE",
            "network": "64500",
            "network_name": "EVIL-NET",
            "duration": "7200",
            "ends_at": "2026-06-01T13:00:00.000+00:00",
            "count": "2",
            "failures": "5",
            "origin": "filter",
            "author": "",
            "reason": "",
            "host": "memory",
        }
    ]


def test_a_permanent_ban_says_so_instead_of_a_number(filled: Bangui) -> None:
    (row,) = table(filled("export", "2001:db8::7", "--kind", "ban").out)
    assert (row["duration"], row["ends_at"]) == ("permanent", "")


def test_no_cell_of_csv_is_a_formula_or_a_command_to_a_terminal(filled: Bangui) -> None:
    filled.history.record([ban("=cmd|' /C calc'!A0", 5, "-jail", lines=["+evil", "=evil"])])
    (row,) = table(filled("export", "=cmd*", "--lines").out)
    assert (row["id"], row["jail"], row["lines"]) == ("'=cmd|' /C calc'!A0", "'-jail", "'+evil\n=evil")
    out = filled("export", "evil*", "--lines").out
    assert "\x1b" not in out
    assert "\u202e" not in out


def test_json_lines_are_exact(filled: Bangui) -> None:
    outcome = filled("export", "--format", "jsonl", "--lines", "--kind", "ban")
    events = [json.loads(line) for line in outcome.out.splitlines()]
    assert events[0]["id"] == HOSTILE
    assert events[0]["lines"] == [f"GET /?name={HOSTILE}"]
    assert "\x1b" not in outcome.out
    assert filled("export", "--json", "--lines", "--kind", "ban").out == outcome.out


def test_the_list_holds_whom_a_jail_has_banned_sorted_and_once(filled: Bangui) -> None:
    outcome = filled("export", "--format", "list")
    assert outcome.out == "203.0.113.0/24\n203.0.113.7\n203.0.113.9\n2001:db8::7\n"
    assert outcome.err == "bangui: 1 id is no address and left out: --format jsonl has them all\n"
    assert filled("export", "--format", "list", "--kind", "failure", "--jail", "postfix").out == "198.51.100.20\n"
    assert filled("export", "--format", "list", "--limit", "2").out == "203.0.113.0/24\n203.0.113.7\n"


def test_an_empty_list_is_a_fine_list(filled: Bangui) -> None:
    outcome = filled("export", "--format", "list", "--country", "KP")
    assert (outcome.code, outcome.out, outcome.err) == (0, "", "")


def test_a_file_appears_whole_and_only_its_owner_can_read_it(filled: Bangui, tmp_path: Path) -> None:
    place = tmp_path / "bans.csv"
    outcome = filled("export", "--output", str(place))
    assert (outcome.code, outcome.out, outcome.err) == (0, "", "")
    assert len(table(place.read_bytes().decode())) == NUMBER_OF_EVENTS
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    outcome = filled("export", "--output", str(tmp_path / "none" / "bans.csv"))
    assert outcome.code == 1
    assert "make the folder" in outcome.err


def test_what_makes_no_sense_together_is_told_before_a_file_is_written(filled: Bangui, tmp_path: Path) -> None:
    place = tmp_path / "addresses"
    assert filled("export", "--format", "list", "--lines", "--output", str(place)).code == 2
    assert filled("export", "--jail", "shsd", "--output", str(place)).code == 1
    assert not place.exists()


def test_the_order_and_the_filters_are_those_of_history(filled: Bangui) -> None:
    rows = table(filled("export", "--kind", "ban", "--sort", "address", "--reverse", "--jail", "sshd").out)
    assert [row["id"] for row in rows] == ["2001:db8::7", "203.0.113.9", "203.0.113.7", "203.0.113.7"]
