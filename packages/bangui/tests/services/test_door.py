"""The door: who must wait is sent away at the cost of nothing, and few lines are written about it."""

from __future__ import annotations

import asyncio

import pytest

from bangui.domain.accounts import Visitor
from bangui.domain.logins import LoginOutcome, LoginRefused, RefusalReason
from bangui.domain.throttle import Refusal, ThrottleKind
from bangui.services.door import Door
from bangui.services.login_log import Method
from bangui.services.new_secrets import new_secret
from packages.bangui.tests.access import VISITOR

ASKED = LoginRefused(RefusalReason.WRONG)


class Entrance:
    """A door with a clock that is set by hand, and the attempts that got through it."""

    def __init__(self) -> None:
        self.now = 100.0
        self.door = Door(monotonic=lambda: self.now)
        self.passed = 0

    async def attempt(self, visitor: Visitor = VISITOR) -> LoginOutcome:
        return await self.door.attempt(visitor, "ada", Method.WORD, self._pass)

    def refuse(self, kind: ThrottleKind, wait: int, visitor: Visitor = VISITOR) -> LoginRefused:
        return self.door.refuse(Refusal(kind, wait), visitor, "ada", Method.WORD)

    async def _pass(self) -> LoginOutcome:
        self.passed += 1
        return ASKED


@pytest.fixture
def entrance() -> Entrance:
    return Entrance()


async def test_nobody_waits_who_was_not_told_to(entrance: Entrance) -> None:
    assert await entrance.attempt() == ASKED


@pytest.mark.parametrize(("wait", "seconds"), [(1, 1), (1_000, 1), (1_001, 2), (900_000, 900)])
async def test_a_wait_is_told_in_whole_seconds(entrance: Entrance, wait: int, seconds: int) -> None:
    assert entrance.refuse(ThrottleKind.ADDRESS, wait) == LoginRefused(RefusalReason.WAIT, seconds)


async def test_an_address_that_must_wait_is_not_even_asked(entrance: Entrance) -> None:
    entrance.refuse(ThrottleKind.ADDRESS, 8_000)
    entrance.now += 3
    assert await entrance.attempt() == LoginRefused(RefusalReason.WAIT, 5)
    assert await entrance.attempt(Visitor("192.0.2.2")) == ASKED
    entrance.now += 5
    assert await entrance.attempt() == ASKED


async def test_neighbours_in_a_block_wait_together(entrance: Entrance) -> None:
    entrance.refuse(ThrottleKind.ADDRESS, 8_000, Visitor("2001:db8::1"))
    assert await entrance.attempt(Visitor("2001:db8::2")) == LoginRefused(RefusalReason.WAIT, 8)
    assert await entrance.attempt(Visitor("2001:db8:0:1::2")) == ASKED


async def test_another_process_can_forgive_a_long_wait(entrance: Entrance) -> None:
    entrance.refuse(ThrottleKind.ADDRESS, 900_000)
    entrance.now += 11
    assert await entrance.attempt() == ASKED


@pytest.mark.parametrize("kind", [ThrottleKind.ACCOUNT, ThrottleKind.EVERYBODY, ThrottleKind.CODE])
async def test_an_address_does_not_wait_for_what_others_have_done(
    entrance: Entrance, kind: ThrottleKind, caplog: pytest.LogCaptureFixture
) -> None:
    assert entrance.refuse(kind, 8_000) == LoginRefused(RefusalReason.WAIT, 8)
    assert await entrance.attempt() == ASKED
    assert caplog.records == []


async def test_a_known_browser_is_not_held_back_by_its_address(entrance: Entrance) -> None:
    entrance.refuse(ThrottleKind.ADDRESS, 8_000)
    known = Visitor("192.0.2.1", device=new_secret())
    assert await entrance.attempt(known) == ASKED


async def test_a_flood_writes_one_line_a_second(entrance: Entrance, caplog: pytest.LogCaptureFixture) -> None:
    entrance.refuse(ThrottleKind.ADDRESS, 8_000)
    for _ in range(100):
        await entrance.attempt()
    assert len(caplog.records) == 1
    entrance.now += 1
    for _ in range(100):
        await entrance.attempt()
    assert [vars(record)["reason"] for record in caplog.records] == ["wait", "wait"]


async def test_what_is_remembered_is_bounded(entrance: Entrance) -> None:
    for number in range(3_000):
        entrance.refuse(ThrottleKind.ADDRESS, 8_000, Visitor(f"10.0.{number // 250}.{number % 250}"))
    assert await entrance.attempt(Visitor("10.0.0.0")) == ASKED
    assert await entrance.attempt(Visitor("10.0.11.249")) == LoginRefused(RefusalReason.WAIT, 8)


async def test_too_many_at_once_are_told_to_come_back(entrance: Entrance) -> None:
    go_on = asyncio.Event()

    async def wait() -> LoginOutcome:
        await go_on.wait()
        return ASKED

    async def attempt(number: int) -> LoginOutcome:
        return await entrance.door.attempt(Visitor(f"192.0.2.{number}"), "ada", Method.WORD, wait)

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(attempt(number)) for number in range(100)]
        for _ in range(20):
            await asyncio.sleep(0)
        go_on.set()
    outcomes = [task.result() for task in tasks]
    assert outcomes.count(LoginRefused(RefusalReason.BUSY, 1)) == 66
    assert outcomes.count(ASKED) == 34
