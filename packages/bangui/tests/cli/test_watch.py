from __future__ import annotations

import io
import json
from argparse import Namespace
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bangui.cli.screen import Screen
from bangui.cli.watch import follower
from bangui.domain.bans import Ban, JailBans, newest_first
from bangui.domain.daemon import DaemonState, Presence
from bangui.domain.errors import AwayReason, DaemonAway
from bangui.domain.jails import JailCounters
from bangui.domain.snapshot import Snapshot
from packages.bangui.tests.memory import MemoryGateway

NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
FIRST = Snapshot("h", 0, NOON, DaemonState("h", Presence.STARTING, None, NOON))

pytestmark = pytest.mark.usefixtures("utc")


class Scripted:
    """A live state that has these snapshots and no more."""

    def __init__(self, *snapshots: Snapshot) -> None:
        self._snapshots = snapshots

    async def subscribe(self) -> AsyncIterator[Snapshot]:
        for snapshot in self._snapshots:
            yield snapshot


def up(revision: int, *ids: str, total: int | None = None) -> Snapshot:
    bans = [Ban("h", "sshd", id, NOON, 3600, NOON + timedelta(hours=1)) for id in ids]
    listed = JailBans("sshd", newest_first(bans), len(bans) if total is None else total, total is None, NOON)
    daemon = DaemonState("h", Presence.UP, "1.1.0", NOON)
    return Snapshot("h", revision, NOON, daemon, (JailCounters("h", "sshd", 0, 0, listed.total, 0),), (listed,))


def away(revision: int, last: Snapshot) -> Snapshot:
    daemon = DaemonState("h", Presence.AWAY, "1.1.0", NOON, "there is no \x1b socket", "start it")
    return replace(last, revision=revision, daemon=daemon)


async def follow(*snapshots: Snapshot, as_json: bool = False, is_terminal: bool = True) -> list[str]:
    stream = io.StringIO()
    screen = Screen(stream, is_terminal=is_terminal, columns=80 if is_terminal else None, has_colour=False)
    assert await follower(Namespace(json=as_json), screen)(MemoryGateway(), Scripted(*snapshots)) == 0
    return stream.getvalue().splitlines()


async def test_it_begins_with_the_counts_and_tells_each_ban_and_unban_in_a_line() -> None:
    assert await follow(FIRST, up(1, "a"), up(2, "a", "b\x1b[2J"), up(3, "b\x1b[2J")) == [
        "12:00:00  fail2ban 1.1.0 is running: 1 jail, 0 failing, 1 banned",
        "12:00:00  ban      sshd  b\\x1b[2J  until 13:00:00 (1h)",
        "12:00:00  unban    sshd  a",
    ]


async def test_it_tells_when_the_daemon_goes_and_what_happened_meanwhile() -> None:
    first = up(1, "a")
    starting = replace(first, revision=3, daemon=DaemonState("h", Presence.STARTING, None, NOON), jails=(), bans=())
    assert await follow(first, away(2, first), away(3, first), starting, up(4, "a", "b")) == [
        "12:00:00  fail2ban 1.1.0 is running: 1 jail, 0 failing, 1 banned",
        "12:00:00  fail2ban is away: there is no \\x1b socket; waiting for it to come back",
        "12:00:00  back: fail2ban 1.1.0 is running: 1 jail, 0 failing, 2 banned",
        "12:00:00  ban      sshd  b  until 13:00:00 (1h)",
    ]


async def test_of_too_many_bans_only_the_number_is_told() -> None:
    lines = await follow(up(1, total=5000), up(2, total=4990))
    assert lines[1] == "12:00:00  count    sshd  4990 bans (-10), too many to list"


async def test_in_a_pipe_times_are_exact() -> None:
    assert (await follow(up(1), is_terminal=False))[0].startswith("2026-06-01T12:00:00+00:00  fail2ban")


async def test_each_event_is_a_line_of_json() -> None:
    first = up(1, "a")
    lines = await follow(first, up(2, "a", "b"), up(3, "b"), away(4, first), up(5, total=5000), as_json=True)
    events = [json.loads(line) for line in lines]
    assert [event["event"] for event in events] == ["start", "ban", "unban", "away", "back", "count"]
    assert events[1] == {
        "event": "ban",
        "time": "2026-06-01T12:00:00+00:00",
        "host": "h",
        "jail": "sshd",
        "id": "b",
        "banned_at": "2026-06-01T12:00:00+00:00",
        "duration": 3600,
        "ends_at": "2026-06-01T13:00:00+00:00",
        "noticed_at": "2026-06-01T12:00:00+00:00",
    }
    assert (events[3]["problem"], events[3]["hint"]) == ("there is no \x1b socket", "start it")


@pytest.mark.parametrize("reason", [AwayReason.DENIED, AwayReason.FOREIGN])
async def test_what_waiting_cannot_mend_ends_it_at_once(reason: AwayReason) -> None:
    gateway = MemoryGateway()
    gateway.away = DaemonAway("no", reason=reason)
    screen = Screen(io.StringIO(), is_terminal=False, columns=None, has_colour=False)
    with pytest.raises(DaemonAway):
        await follower(Namespace(json=False), screen)(gateway, Scripted())
