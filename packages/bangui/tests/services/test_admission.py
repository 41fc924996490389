"""A few at once, a few that wait, and nobody else; places are given back whatever happens."""

from __future__ import annotations

import asyncio

import pytest

from bangui.domain.access_errors import TooBusy
from bangui.services.admission import Admission


class Crowd:
    """People who go in when they can, and stay until they are let out."""

    def __init__(self, admission: Admission) -> None:
        self._admission = admission
        self.inside = self.most = self.refused = 0
        self.let_out = asyncio.Event()

    async def go_in(self) -> None:
        try:
            async with self._admission.enter():
                self.inside += 1
                self.most = max(self.most, self.inside)
                await self.let_out.wait()
                self.inside -= 1
        except TooBusy:
            self.refused += 1


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_more_than_wait_are_sent_away_at_once() -> None:
    crowd = Crowd(Admission(2, 3))
    async with asyncio.TaskGroup() as group:
        for _ in range(10):
            group.create_task(crowd.go_in())
        await settle()
        assert (crowd.inside, crowd.refused) == (2, 5)
        crowd.let_out.set()
    assert crowd.most == 2
    assert crowd.refused == 5


async def test_nobody_waits_for_ever() -> None:
    crowd = Crowd(Admission(1, 5, patience=0.01))
    async with asyncio.TaskGroup() as group:
        for _ in range(3):
            group.create_task(crowd.go_in())
        while crowd.refused < 2:
            await asyncio.sleep(0.001)
        crowd.let_out.set()
    assert crowd.most == 1


async def test_places_are_given_back_by_errors_and_by_cancelled_visits() -> None:
    admission = Admission(1, 1)

    async def fail() -> None:
        async with admission.enter():
            raise KeyError

    crowd = Crowd(admission)
    for _ in range(3):
        with pytest.raises(KeyError):
            await fail()
        tasks = [asyncio.create_task(crowd.go_in()) for _ in range(2)]
        await settle()
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
    crowd.let_out.set()
    await crowd.go_in()
    assert crowd.refused == 0
