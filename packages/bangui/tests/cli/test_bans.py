from __future__ import annotations

import json
import time

from bangui.domain.operations import BanIds
from packages.bangui.tests.cli.harness import Bangui

ON_TERMINAL = """\
ID              JAIL      BANNED     ENDS
2001:db8::7     sshd      4 min ago  56 min left
203.0.113.0/24  recidive  1 h ago    permanent
"""
PIPED = """\
ID              JAIL      BANNED                     DURATION   ENDS
2001:db8::7     sshd      2026-06-01T12:56:00+00:00  1h         2026-06-01T13:56:00+00:00
203.0.113.0/24  recidive  2026-06-01T12:00:00+00:00  permanent  never
"""


def test_on_a_terminal_times_are_relative_and_the_newest_ban_comes_first(bangui: Bangui) -> None:
    assert bangui("bans", columns=80).out == ON_TERMINAL


def test_in_a_pipe_times_are_exact(bangui: Bangui) -> None:
    assert bangui("bans").out == PIPED


def test_one_jail_can_be_asked_for(bangui: Bangui) -> None:
    assert bangui("bans", "recidive", columns=80).out.count("\n") == 2
    unknown = bangui("bans", "ssdh")
    assert (unknown.code, unknown.err) == (1, "bangui: there is no jail named 'ssdh': did you mean 'sshd'?\n")


def test_nobody_banned_is_said_to_a_person_and_is_nothing_to_a_program(bangui: Bangui) -> None:
    bangui("unban", "2001:db8::7", "203.0.113.0/24")
    assert bangui("bans", columns=80).out == "nobody is banned\n"
    assert bangui("bans").out == ""
    assert json.loads(bangui("bans", "--json").out) == {"bans": []}


def test_the_json_has_the_documented_keys(bangui: Bangui) -> None:
    newest, oldest = json.loads(bangui("bans", "--json").out)["bans"]
    assert newest == {
        "host": "memory",
        "jail": "sshd",
        "id": "2001:db8::7",
        "banned_at": "2026-06-01T12:56:00+00:00",
        "duration": 3600,
        "ends_at": "2026-06-01T13:56:00+00:00",
    }
    assert (oldest["duration"], oldest["ends_at"]) == (None, None)


async def test_ids_that_an_attacker_chose_are_inert_in_text_and_escaped_in_json(bangui: Bangui) -> None:
    hostile = "\x1b[2J\n\u202eevil\u200b\x9b"
    await bangui.gateway.perform(BanIds("sshd", (hostile,)))
    for columns in (None, 80):
        out = bangui("bans", "sshd", columns=columns).out
        assert "\\x1b[2J\\x0a\\u202eevil\\u200b\\x9b" in out
        assert out.count("\n") == 3
    answer = bangui("bans", "sshd", "--json").out
    assert answer.isascii()
    assert "\x1b" not in answer
    assert hostile in [ban["id"] for ban in json.loads(answer)["bans"]]


async def test_no_line_is_wider_than_the_terminal(bangui: Bangui) -> None:
    await bangui.gateway.perform(BanIds("sshd", ("2001:0db8:aaaa:bbbb:cccc:dddd:eeee:ffff", "x" * 300)))
    for columns in (120, 80, 60, 40):
        assert max(map(len, bangui("bans", columns=columns).out.splitlines())) <= columns


async def test_ten_thousand_bans_are_shown_quickly(bangui: Bangui) -> None:
    await bangui.gateway.perform(BanIds("sshd", tuple(f"10.0.{n // 250}.{n % 250}" for n in range(10_000))))
    start = time.perf_counter()
    assert bangui("bans").out.count("\n") == 10_003
    assert time.perf_counter() - start < 2
