from __future__ import annotations

import asyncio

import pytest

from aiofail2ban._concurrently import concurrently


async def test_results_come_in_order() -> None:
    async def wait(seconds: float) -> float:
        await asyncio.sleep(seconds)
        return seconds

    assert await concurrently(wait(seconds) for seconds in (0.02, 0.0, 0.01)) == [0.02, 0.0, 0.01]


async def test_the_first_error_is_raised_when_all_have_ended() -> None:
    ended: list[int] = []

    async def work(number: int) -> None:
        await asyncio.sleep(0.001 * number)
        ended.append(number)
        if number < 2:
            raise ValueError(number)

    with pytest.raises(ValueError, match="0"):
        await concurrently(work(number) for number in range(4))
    assert ended == [0, 1, 2, 3]
