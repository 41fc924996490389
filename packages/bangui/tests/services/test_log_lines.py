from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import replace

import pytest

from bangui.domain.snapshot import Snapshot
from bangui.domain.watched_logs import LogAway, LogLine, LogPart, LogTail, WatchedLog
from bangui.services.log_lines import LineFilter, LogLines, Mark, MarkedLine
from packages.bangui.tests.web.scripted import make_ban, make_snapshot

OWN = WatchedLog("own", "/var/log/fail2ban.log", (), is_own=True, is_file=True)
AUTH = WatchedLog("auth", "/var/log/auth.log", ("sshd",), is_own=False, is_file=True)
BANNED = make_snapshot([make_ban("203.0.113.7"), make_ban("2001:db8::7"), make_ban("198.51.100.0/24"), make_ban("<b>")])


class ScriptedTail:
    """Gives out the parts that a test has written, then empty ones."""

    def __init__(self, parts: list[LogPart]) -> None:
        self._parts = parts
        self.is_closed = False

    def read(self) -> LogPart:
        return self._parts.pop(0) if self._parts else LogPart((), "end")

    def close(self) -> None:
        self.is_closed = True


class ScriptedLogs:
    """Logs whose lines a test has written; `listed` may be changed at any time."""

    def __init__(self, *parts: LogPart) -> None:
        self.listed = [OWN, AUTH]
        self.opened: list[tuple[str, str | None]] = []
        self.tail = ScriptedTail(list(parts))

    async def list(self) -> tuple[WatchedLog, ...]:
        return tuple(self.listed)

    def open(self, log: WatchedLog, place: str | None = None) -> LogTail:
        self.opened.append((log.key, place))
        return self.tail


def part(*texts: str) -> LogPart:
    return LogPart(tuple(LogLine(text, False, str(number)) for number, text in enumerate(texts)), "end")


async def lines_of(
    *texts: str, log: WatchedLog = AUTH, filter: LineFilter | None = None, snapshot: Snapshot = BANNED
) -> tuple[MarkedLine, ...]:
    logs = ScriptedLogs(part(*texts))
    found = await LogLines(logs, lambda: snapshot).newest(log, filter or LineFilter())
    assert logs.tail.is_closed
    assert found.read == len(texts)
    return found.lines


@pytest.mark.parametrize(
    ("text", "address", "id"),
    [
        ("Failed password for root from 203.0.113.7 port 22", "203.0.113.7", "203.0.113.7"),
        ("client=unknown[203.0.113.7]:5060.", "203.0.113.7", "203.0.113.7"),
        ("connect from 203.0.113.7:22:", "203.0.113.7", "203.0.113.7"),
        ('203.0.113.7 - - "GET /"', "203.0.113.7", "203.0.113.7"),
        ("from 2001:DB8:0:0::7 port 22", "2001:DB8:0:0::7", "2001:db8::7"),
        ("from 2001:db8::7.", "2001:db8::7", "2001:db8::7"),
        ("from 203.0.113.77 port 22", None, None),
        ("from 1203.0.113.7", None, None),
        ("a b c d e f :: ... 10:20:30", None, None),
        ("", None, None),
    ],
)
async def test_a_line_is_marked_where_a_banned_address_stands_in_it(
    text: str, address: str | None, id: str | None
) -> None:
    (line,) = await lines_of(text)
    assert (line.address, line.id) == (address, id)
    assert (line.mark is Mark.BANNED) == (id is not None)


async def test_nothing_is_marked_while_nobody_is_banned() -> None:
    (line,) = await lines_of("from 203.0.113.7", snapshot=make_snapshot())
    assert line.mark is None


async def test_a_line_full_of_numbers_is_looked_at_for_a_while_only() -> None:
    (line,) = await lines_of("1.2 " * 1_000 + "203.0.113.7")
    assert line.mark is None


def own(said: str, level: str = "NOTICE") -> str:
    return f"2026-11-23 09:35:14,459 fail2ban.actions        [7471]: {level:7} {said}"


@pytest.mark.parametrize(
    ("text", "mark", "id"),
    [
        (own("[sshd] Ban 203.0.113.1"), Mark.BAN, "203.0.113.1"),
        (own("[sshd] Restore Ban 203.0.113.1"), Mark.BAN, "203.0.113.1"),
        (own("[sshd] Unban 203.0.113.1"), Mark.UNBAN, "203.0.113.1"),
        (own("[sshd] Found 203.0.113.1 - 2026-11-23 09:35:14", "INFO"), Mark.FOUND, "203.0.113.1"),
        ("Nov 23 09:35:14 web1 fail2ban.actions[7471]: NOTICE [sshd] Ban 203.0.113.1", Mark.BAN, "203.0.113.1"),
        (own("[sshd] 203.0.113.7 already banned", "WARNING"), Mark.BANNED, "203.0.113.7"),
        (own("Jail 'sshd' uses pyinotify", "INFO"), None, None),
        (own("[sshd] Banished"), None, None),
        ("a line that says ]: NOTICE and [sshd] Ban 203.0.113.1", None, None),
    ],
)
async def test_fail2bans_own_lines_are_marked_by_what_they_say(text: str, mark: Mark | None, id: str | None) -> None:
    (line,) = await lines_of(text, log=OWN)
    assert (line.mark, line.id) == (mark, id)


async def test_what_others_write_is_not_taken_for_fail2bans_word() -> None:
    (line,) = await lines_of(own("[sshd] Ban 192.0.2.1"))
    assert line.mark is None


async def test_a_filter_lets_through_what_it_says() -> None:
    texts = ("Accepted for Alice", "failed from 203.0.113.7", "FAILED from 192.0.2.1")
    assert [line.text for line in await lines_of(*texts, filter=LineFilter("Failed"))] == list(texts[1:])
    assert [line.text for line in await lines_of(*texts, filter=LineFilter(is_marked_only=True))] == [texts[1]]
    # A level says nothing about the lines of other programs.
    assert len(await lines_of(*texts, filter=LineFilter(level="ERROR"))) == 3


async def test_a_level_lets_through_what_is_as_grave_and_what_has_none() -> None:
    texts = (own("a", "DEBUG"), own("b", "INFO"), own("c", "WARNING"), own("d", "ERROR"), "the rest of a message")
    found = await lines_of(*texts, log=OWN, filter=LineFilter(level="WARNING"))
    assert [line.text for line in found] == list(texts[2:])


async def test_a_follower_gets_every_part_from_its_place_on_and_leaves_nothing_open() -> None:
    logs = ScriptedLogs(part("one"), part("two", "three"))
    lines = LogLines(logs, lambda: BANNED, pause=0.001)
    seen: list[str] = []
    async with asyncio.timeout(5), aclosing(lines.follow("auth", "place", LineFilter())) as parts:
        async for found in parts:
            seen += [line.text for line in found.lines]
            if found.read == 0:
                break
    assert seen == ["one", "two", "three"]
    assert logs.opened == [("auth", "place")]
    assert logs.tail.is_closed


async def test_a_log_that_is_not_watched_is_not_opened() -> None:
    logs = ScriptedLogs(part("one"))
    with pytest.raises(LogAway, match="does not watch this file"):
        await anext(LogLines(logs, lambda: BANNED).follow("/etc/shadow", None, LineFilter()))
    assert logs.opened == []


async def test_following_ends_when_the_log_is_no_longer_watched() -> None:
    logs = ScriptedLogs(part("one"))

    async def follow() -> None:
        async with aclosing(LogLines(logs, lambda: BANNED, pause=0.0).follow("auth", None, LineFilter())) as parts:
            async for _ in parts:
                logs.listed = [OWN]

    with pytest.raises(LogAway, match="does not watch this file"):
        await asyncio.wait_for(follow(), 5)
    assert logs.tail.is_closed


async def test_who_is_banned_is_looked_up_anew_when_the_state_has_changed() -> None:
    states = [BANNED, replace(make_snapshot([make_ban("192.0.2.9")]), revision=2)]
    lines = LogLines(ScriptedLogs(part("192.0.2.9"), part("192.0.2.9")), lambda: states[0])
    assert (await lines.newest(AUTH, LineFilter())).lines[0].mark is None
    states.pop(0)
    assert (await lines.newest(AUTH, LineFilter())).lines[0].mark is Mark.BANNED
