from __future__ import annotations

import io

import pytest

from bangui.cli.screen import Screen
from bangui.cli.story import print_story, story_value
from bangui.domain.history import JailSettings
from bangui.services.network_names import NetworkNames
from bangui.services.story import tell_story
from packages.bangui.tests.filled_history import HOST, HOSTILE, NOW, SETTINGS, FilledHistory, FixedPlaces, ago, ban

SCREENFUL = """\
history of 203.0.113.7
  from   DE, AS64500 EVIL-NET
  seen   2 bans, 10 failures, all in sshd
  first  3 h ago
  last   1 h ago

bans

  1 h ago  sshd, for 2h, 2nd ban, after 5 failures, until 13:00:00
    rule   5 failures within 10m: banned for 1h
    Jun  1 09:00:00 web sshd[77]: Failed password for invalid user oracle from
      203.0.113.7 port 22000 ssh2
    Jun  1 09:00:01 web sshd[77]: Failed password for invalid user oracle from
      203.0.113.7 port 22001 ssh2

  3 h ago  sshd, for 1h, after 5 failures, lifted after 10 min
    3 lines before these
    Jun  1 09:00:03 web sshd[77]: Failed password for root from 203.0.113.7 port
      22003 ssh2
    Jun  1 09:00:04 web sshd[77]: Failed password for root from 203.0.113.7 port
      22004 ssh2

networks around it that were banned themselves
  NETWORK         BANS  FIRST SEEN    LAST SEEN
  203.0.113.0/24     1  May 30 10:00  May 30 10:00

from others in 203.0.113.0/24: 4 bans in all
  ADDRESS         BANS  FAILURES  FIRST SEEN    LAST SEEN
  203.0.113.0/24     1         0  May 30 10:00  May 30 10:00
  203.0.113.9        1         0  May 30 12:00  May 30 12:00
"""

pytestmark = pytest.mark.usefixtures("utc")


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> FilledHistory:
    history = FilledHistory(tmp_path_factory.mktemp("history") / "history.sqlite3")
    history.record(settings=[JailSettings(HOST, "sshd", ago(9_000), SETTINGS)])
    return history


def told(history: FilledHistory, text: str, *, columns: int | None = None, with_all: bool = False) -> str:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    screen = Screen(stream, is_terminal=columns is not None, columns=columns, has_colour=False)
    with history.open() as reader:
        story = tell_story(reader, FixedPlaces(), text)
        print_story(screen, story, NetworkNames(FixedPlaces()), NOW, with_all=with_all)
    stream.seek(0)
    return stream.read()


def test_on_a_terminal_an_address_is_told_in_a_screenful(history: FilledHistory) -> None:
    assert told(history, "203.0.113.7", columns=80) == SCREENFUL


def test_in_a_pipe_every_line_is_there_and_every_time_is_exact(history: FilledHistory) -> None:
    text = told(history, "203.0.113.7")
    assert text.count("Failed password") == 7
    assert (
        "  2026-06-01T11:00:00+00:00  sshd, for 2h, 2nd ban, after 5 failures, until 2026-06-01T13:00:00+00:00" in text
    )
    assert " ago" not in text


def test_what_an_attacker_wrote_is_inert(history: FilledHistory) -> None:
    for columns in (None, 80):
        text = told(history, HOSTILE, columns=columns)
        assert "\\x1b[2J" in text
        assert "\x1b" not in text
        assert "\u202e" not in text


def test_a_network_is_told_with_the_address_of_each_ban(history: FilledHistory) -> None:
    text = told(history, "203.0.113.0/25", columns=80)
    assert "203.0.113.9 in sshd" in text
    assert "from 203.0.113.0/25: 3 bans in all" in text


def test_who_was_never_seen_is_told_with_what_is_around(history: FilledHistory) -> None:
    text = told(history, "203.0.113.77", columns=80)
    assert text.startswith("the history has never seen 203.0.113.77\n  from   DE, AS64500 EVIL-NET\n")
    assert "networks around it that were banned themselves\n" in text
    assert "from others in 203.0.113.0/24: 4 bans in all" in text
    assert told(history, "192.0.2.0/24", columns=80).startswith("the history has never seen anything in 192.0.2.0/24\n")


def test_no_line_is_wider_than_the_terminal(history: FilledHistory) -> None:
    for id in ("203.0.113.7", "203.0.113.0/24", HOSTILE, "2001:db8::7"):
        for columns in (40, 80):
            assert max(map(len, told(history, id, columns=columns).splitlines())) <= columns, id


def test_as_values_it_has_the_documented_keys(history: FilledHistory) -> None:
    with history.open() as reader:
        value = story_value(tell_story(reader, FixedPlaces(), "203.0.113.7"), NetworkNames(FixedPlaces()))
    assert set(value) == {
        "id",
        "country",
        "network",
        "network_name",
        "summary",
        "jails",
        "bans",
        "has_more_bans",
        "around",
        "inside",
        "subnet",
        "system",
    }
    assert (value["network_name"], value["inside"]) == ("EVIL-NET", None)
    bans = value["bans"]
    assert isinstance(bans, list)
    assert bans[1]["unbanned_at"] == "2026-06-01T09:05:00.000+00:00"
    assert bans[1]["settings"] == SETTINGS
    assert len(bans[1]["lines"]) == 5


def test_bans_of_an_earlier_time_are_counted_and_not_all_told(history: FilledHistory) -> None:
    history.record([ban("192.0.2.9", 100 + number, duration=30, count=number) for number in range(1, 9)])
    assert "bans, the newest 5; --all tells more" in told(history, "192.0.2.9", columns=80)
