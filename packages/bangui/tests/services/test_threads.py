from __future__ import annotations

import asyncio
import threading
from contextlib import suppress

import pytest

from bangui.services.threads import in_thread


async def test_the_event_loop_goes_on_while_a_thread_works() -> None:
    may_end = threading.Event()
    work = asyncio.create_task(in_thread(may_end.wait))
    await asyncio.sleep(0)
    may_end.set()
    assert await work is True


async def test_what_the_call_raises_is_raised() -> None:
    def fail() -> None:
        raise LookupError("nothing here")

    with pytest.raises(LookupError, match="nothing here"):
        await in_thread(fail)


async def test_a_call_that_is_cancelled_is_over_when_the_cancelling_is() -> None:
    has_begun, may_end, has_ended = threading.Event(), threading.Event(), threading.Event()

    def work() -> None:
        has_begun.set()
        may_end.wait(10)
        has_ended.set()

    task = asyncio.create_task(in_thread(work))
    await asyncio.to_thread(has_begun.wait, 10)
    task.cancel()
    await asyncio.sleep(0.01)
    assert not task.done()
    may_end.set()
    with suppress(asyncio.CancelledError):
        await task
    assert has_ended.is_set()
    assert task.cancelled()
