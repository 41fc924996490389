from __future__ import annotations

import asyncio
import os
import signal

import pytest

from bangui.demo import cancelled_by_signals


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_cancels_the_task_and_its_cleaning_up_runs(number: signal.Signals) -> None:
    left = []

    async def work() -> None:
        with cancelled_by_signals():
            try:
                os.kill(os.getpid(), number)
                await asyncio.sleep(30)
            finally:
                left.append("clean")

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(work())
    assert left == ["clean"]


def test_afterwards_signals_are_what_they_were() -> None:
    before = signal.getsignal(signal.SIGTERM)

    async def work() -> None:
        with cancelled_by_signals():
            assert signal.getsignal(signal.SIGTERM) != before

    asyncio.run(work())
    assert signal.getsignal(signal.SIGTERM) == before
