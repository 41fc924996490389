from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest

from bangui.domain.operations import BanIds, Operation, ReadBans, ReadCounters, ReadStart, ReadVersion, UnbanIds
from bangui.services.host_reader import LONGEST_LIST, HostReader
from bangui.services.pace import Pace
from packages.bangui.tests.memory import MemoryGateway, MemoryJail

PACE = Pace(settle=12, refresh=60)


class Clock:
    """Monotonic seconds that pass when told to."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def gateway() -> MemoryGateway:
    gateway = MemoryGateway()
    gateway.jails = {"app": MemoryJail(), "sshd": MemoryJail()}
    return gateway


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def reader(gateway: MemoryGateway, clock: Clock) -> HostReader:
    return HostReader(gateway, PACE, lambda: datetime.now(UTC), clock)


def asked(gateway: MemoryGateway) -> Counter[Operation[object]]:
    counted: Counter[Operation[object]] = Counter(gateway.performed)
    gateway.performed.clear()
    return counted


async def test_the_first_reading_holds_everything(gateway: MemoryGateway, reader: HostReader) -> None:
    await gateway.perform(BanIds("sshd", ("192.0.2.1", "192.0.2.2")))
    reading = await reader.read()
    assert reading.version == "1.1.0"
    assert [jail.name for jail in reading.jails] == ["app", "sshd"]
    assert [(bans.jail, bans.total, bans.complete) for bans in reading.bans] == [("app", 0, True), ("sshd", 2, True)]


async def test_when_the_daemon_was_started_is_read_with_its_version(gateway: MemoryGateway, reader: HostReader) -> None:
    assert (await reader.read()).started_at is None
    gateway.started_at = datetime(2026, 11, 1, tzinfo=UTC)
    assert (await reader.read()).started_at is None
    reader.forget()
    assert (await reader.read()).started_at == gateway.started_at


async def test_a_quiet_host_is_asked_for_its_counters_only(gateway: MemoryGateway, reader: HostReader) -> None:
    await gateway.perform(BanIds("sshd", ("192.0.2.1",)))
    first = await reader.read()
    asked(gateway)
    second = await reader.read()
    assert asked(gateway) == {ReadCounters(): 1}
    assert second.bans == first.bans


async def test_a_list_is_read_when_its_jails_counters_moved(gateway: MemoryGateway, reader: HostReader) -> None:
    await reader.read()
    await gateway.perform(BanIds("sshd", ("192.0.2.1",)))
    asked(gateway)
    reading = await reader.read()
    assert asked(gateway) == {ReadCounters(): 1, ReadBans("sshd"): 1}
    assert reading.bans[1].bans[0].id == "192.0.2.1"


async def test_an_unban_followed_by_a_ban_is_noticed_although_the_number_is_the_same(
    gateway: MemoryGateway, reader: HostReader
) -> None:
    await gateway.perform(BanIds("sshd", ("192.0.2.1",)))
    await reader.read()
    await gateway.perform(UnbanIds(("192.0.2.1",)))
    await gateway.perform(BanIds("sshd", ("192.0.2.2",)))
    assert (await reader.read()).bans[1].bans[0].id == "192.0.2.2"


async def test_a_ban_that_grows_after_it_began_is_seen_at_the_second_look(
    gateway: MemoryGateway, reader: HostReader, clock: Clock
) -> None:
    await gateway.perform(BanIds("sshd", ("192.0.2.1",)))
    await reader.read()
    gateway.prolong("sshd", "192.0.2.1", 7200)
    assert (await reader.read()).bans[1].bans[0].duration == 600
    clock.seconds += PACE.settle
    readings = [await reader.read() for _ in range(2)]  # one overdue list a poll, and there are two jails
    assert readings[-1].bans[1].bans[0].duration == 7200


async def test_overdue_lists_are_read_one_a_poll(gateway: MemoryGateway, reader: HostReader, clock: Clock) -> None:
    for jail in gateway.jails:
        await gateway.perform(BanIds(jail, ("192.0.2.1",)))
    await reader.read()
    clock.seconds += PACE.settle
    asked(gateway)
    for expected in (ReadBans("app"), ReadBans("sshd")):
        await reader.read()
        assert asked(gateway) == {ReadCounters(): 1, expected: 1}
    await reader.read()
    assert asked(gateway) == {ReadCounters(): 1}


async def test_a_list_that_did_not_change_stays_the_same_object(
    gateway: MemoryGateway, reader: HostReader, clock: Clock
) -> None:
    await gateway.perform(BanIds("sshd", ("192.0.2.1",)))
    first = await reader.read()
    clock.seconds += 2 * PACE.refresh
    await reader.read()
    last = await reader.read()
    assert last.bans[1].bans is first.bans[1].bans


async def test_a_long_list_is_never_asked_of_the_daemon(gateway: MemoryGateway, reader: HostReader) -> None:
    await gateway.perform(BanIds("sshd", tuple(f"ban {number}" for number in range(LONGEST_LIST + 1))))
    asked(gateway)
    bans = (await reader.read()).bans[1]
    assert (bans.bans, bans.total, bans.complete) == ((), LONGEST_LIST + 1, False)
    assert ReadBans("sshd") not in asked(gateway)


async def test_a_long_list_comes_from_the_database(gateway: MemoryGateway, reader: HostReader, clock: Clock) -> None:
    await gateway.perform(BanIds("sshd", tuple(f"ban {number}" for number in range(LONGEST_LIST + 1))))
    gateway.recorded = {"sshd": tuple(gateway.jails["sshd"].bans.values())}
    bans = (await reader.read()).bans[1]
    assert (len(bans.bans), bans.total, bans.complete) == (LONGEST_LIST + 1, LONGEST_LIST + 1, True)
    asked(gateway)
    await reader.read()
    assert asked(gateway) == {ReadCounters(): 1}


async def test_a_database_that_is_behind_is_looked_at_again(gateway: MemoryGateway, reader: HostReader) -> None:
    await gateway.perform(BanIds("sshd", tuple(f"ban {number}" for number in range(LONGEST_LIST + 1))))
    everything = tuple(gateway.jails["sshd"].bans.values())
    gateway.recorded = {"sshd": everything[1:]}
    assert len((await reader.read()).bans[1].bans) == LONGEST_LIST
    gateway.recorded = {"sshd": everything}
    assert len((await reader.read()).bans[1].bans) == LONGEST_LIST + 1


async def test_a_daemon_that_started_over_is_read_anew(gateway: MemoryGateway, reader: HostReader) -> None:
    gateway.jails["sshd"].total_failed = 7
    await reader.read()
    gateway.jails["sshd"].total_failed = 1
    gateway.version = "1.1.1"
    assert (await reader.read()).version == "1.1.1"


async def test_a_jail_that_is_gone_takes_its_list_along(gateway: MemoryGateway, reader: HostReader) -> None:
    await reader.read()
    del gateway.jails["app"]
    assert [bans.jail for bans in (await reader.read()).bans] == ["sshd"]


async def test_after_forgetting_everything_is_read_again(gateway: MemoryGateway, reader: HostReader) -> None:
    await gateway.perform(BanIds("sshd", ("192.0.2.1",)))
    await reader.read()
    asked(gateway)
    reader.forget()
    await reader.read()
    assert asked(gateway) == {ReadVersion(): 1, ReadStart(): 1, ReadCounters(): 1, ReadBans("sshd"): 1}
