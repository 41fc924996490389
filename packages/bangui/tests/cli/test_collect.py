from __future__ import annotations

import json
from datetime import UTC, datetime

from bangui.domain.collection import CollectorState, SourceState
from packages.bangui.tests.cli.harness import Bangui

READ = SourceState("database", datetime(2026, 6, 1, 12, 0, tzinfo=UTC), 10, 10)
AWAY = SourceState("log", problem="/var/log/fail2ban.log cannot be read", hint="run as root")


def test_once_tells_what_was_recorded_from_where(bangui: Bangui) -> None:
    bangui.collected = CollectorState("memory", (READ,), recorded=1_204)
    outcome = bangui("collect", "--once")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out == "1,204 new events recorded\n  database: read to its end\n"


def test_a_source_that_cannot_be_read_is_told_and_is_a_failure(bangui: Bangui) -> None:
    bangui.collected = CollectorState("memory", (READ, AWAY), recorded=1)
    outcome = bangui("collect", "--once")
    assert outcome.code == 1
    assert outcome.out == "1 new event recorded\n  database: read to its end\n"
    assert outcome.err == "bangui: the log: /var/log/fail2ban.log cannot be read: run as root\n"


def test_a_history_that_cannot_be_written_is_told(bangui: Bangui) -> None:
    bangui.collected = CollectorState("memory", (READ,), problem="there is no room", hint="make some")
    outcome = bangui("collect", "--once")
    assert (outcome.code, outcome.err) == (1, "bangui: there is no room: make some\n")


def test_the_json_has_the_documented_keys(bangui: Bangui) -> None:
    bangui.collected = CollectorState("memory", (AWAY,))
    assert json.loads(bangui("collect", "--once", "--json").out) == {
        "host": "memory",
        "recorded": 0,
        "problem": None,
        "hint": None,
        "sources": [
            {
                "name": "log",
                "read_at": None,
                "problem": "/var/log/fail2ban.log cannot be read",
                "hint": "run as root",
            }
        ],
    }


def test_without_once_the_end_is_a_good_end(bangui: Bangui) -> None:
    bangui.collected = CollectorState("memory", (AWAY,))
    outcome = bangui("collect", "--keep", "2y", "--data", "/d", "--verbose")
    assert (outcome.code, outcome.out, outcome.err) == (0, "", "")
    (options,) = bangui.collecting
    assert bangui("collect", columns=200).out.startswith("recording what fail2ban does in /")
    assert (options.once, options.data, options.verbose) == (False, "/d", True)
    assert options.retention.understood().ages
