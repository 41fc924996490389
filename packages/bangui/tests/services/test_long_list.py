from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bangui.domain.bans import Ban, newest_first
from bangui.domain.jails import JailCounters
from bangui.domain.operations import ReadRecentlyRecordedBans, ReadRecordedBans
from bangui.services.long_list import LongList
from packages.bangui.tests.memory import MemoryGateway

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


def ban(number: int, *, age: int, duration: int | None = 3600) -> Ban:
    start = NOW - timedelta(seconds=age)
    end = None if duration is None else start + timedelta(seconds=duration)
    return Ban("memory", "sshd", f"192.0.2.{number}", start, duration, end)


class Setting:
    """A gateway whose database can be changed, and a clock."""

    def __init__(self, *bans: Ban) -> None:
        self.seconds = 0.0
        self.gateway = MemoryGateway(now=self.now)
        self.gateway.recorded = {"sshd": newest_first([*bans])}
        self.list = LongList(self.gateway, "sshd", refresh=60, now=self.now, monotonic=lambda: self.seconds)

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.seconds)

    def record(self, *bans: Ban) -> None:
        self.gateway.recorded = {"sshd": newest_first([*bans])}

    async def ids(self, total: int) -> list[str]:
        bans = await self.list.read(JailCounters("memory", "sshd", 0, 0, total, total))
        assert bans.total == total
        return [one.id.rpartition(".")[2] for one in bans.bans]


async def test_the_whole_list_is_read_once_and_then_only_what_is_new() -> None:
    old, new = ban(1, age=2000), ban(2, age=0)
    setting = Setting(old)
    assert await setting.ids(1) == ["1"]
    setting.record(old, new)
    assert await setting.ids(2) == ["2", "1"]
    assert setting.gateway.performed == [ReadRecordedBans("sshd"), ReadRecentlyRecordedBans("sshd")]


async def test_bans_whose_time_is_over_go_without_being_asked_for() -> None:
    setting = Setting(ban(1, age=3590), ban(2, age=100), ban(3, age=9000, duration=None))
    assert await setting.ids(3) == ["2", "1", "3"]
    setting.seconds = 20
    assert await setting.ids(2) == ["2", "3"]


async def test_a_ban_that_grew_or_was_renewed_takes_the_place_of_the_one_before() -> None:
    setting = Setting(ban(1, age=100), ban(2, age=50))
    assert await setting.ids(2) == ["2", "1"]
    renewed = ban(1, age=0)
    setting.record(renewed, ban(2, age=50))
    assert await setting.ids(2) == ["1", "2"]
    grown = replace(renewed, duration=7200, ends_at=NOW + timedelta(hours=2))
    setting.record(grown, ban(2, age=50))
    bans = await setting.list.read(JailCounters("memory", "sshd", 0, 0, 2, 2))
    assert [one.duration for one in bans.bans] == [7200, 3600]


async def test_a_list_of_another_length_than_the_daemons_is_read_whole_again_after_a_while() -> None:
    setting = Setting(ban(1, age=1000), ban(2, age=900))
    assert await setting.ids(2) == ["2", "1"]
    setting.record(ban(2, age=900))  # somebody lifted the other one, which no recent row tells
    assert await setting.ids(1) == ["2", "1"]
    setting.seconds = 61
    assert await setting.ids(1) == ["2"]


async def test_nothing_new_means_the_very_same_list() -> None:
    setting = Setting(ban(1, age=100), ban(2, age=90))
    counters = JailCounters("memory", "sshd", 0, 0, 2, 2)
    first = await setting.list.read(counters)
    assert (await setting.list.read(counters)).bans is first.bans


async def test_late_rows_are_sorted_into_their_place() -> None:
    setting = Setting(ban(1, age=10))
    assert await setting.ids(2) == ["1"]
    setting.record(ban(1, age=10), ban(2, age=200))
    assert await setting.ids(2) == ["1", "2"]


async def test_without_a_database_the_list_says_that_it_is_not_complete() -> None:
    setting = Setting()
    setting.gateway.recorded = None
    bans = await setting.list.read(JailCounters("memory", "sshd", 0, 0, 5000, 5000))
    assert (bans.bans, bans.total, bans.complete) == ((), 5000, False)
