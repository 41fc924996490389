from __future__ import annotations

import asyncio
import gc
import os
import signal
from argparse import Namespace
from collections.abc import Iterator

import pytest

from bangui.domain.errors import BanGUIError, InvalidInput
from bangui.runtime.loops import let_signals_cancel, run_loop, run_service, say


@pytest.fixture(autouse=True)
def collector_as_it_was() -> Iterator[None]:
    was_enabled = gc.isenabled()
    yield
    (gc.enable if was_enabled else gc.disable)()


async def fail(error: Exception) -> None:
    await asyncio.sleep(0)
    raise error


async def fail_in_groups(*errors: Exception) -> None:
    async with asyncio.TaskGroup() as outer, asyncio.TaskGroup() as inner:
        for error in errors:
            inner.create_task(fail(error))
        outer.create_task(asyncio.sleep(0))


def test_the_error_for_people_is_found_in_the_groups_that_tasks_wrap_it_in() -> None:
    with pytest.raises(InvalidInput, match="no such port"):
        run_loop(fail_in_groups(InvalidInput("no such port"), ValueError("noise")))


def test_a_mistake_of_the_program_stays_a_group() -> None:
    with pytest.raises(BaseExceptionGroup) as mistake:
        run_loop(fail_in_groups(ValueError("a mistake")))
    assert mistake.group_contains(ValueError)


def test_what_the_work_returns_is_returned_and_the_collector_runs() -> None:
    async def work() -> bool:
        return gc.isenabled()

    gc.disable()
    assert run_loop(work()) is True


def test_a_signal_ends_a_service_in_good_order() -> None:
    ended = []

    async def serve() -> None:
        let_signals_cancel()
        asyncio.get_running_loop().call_soon(os.kill, os.getpid(), signal.SIGTERM)
        try:
            await asyncio.sleep(10)
        finally:
            ended.append(True)

    assert run_service(Namespace(verbose=False), serve()) == 0
    assert ended == [True]


def test_an_error_of_a_service_is_for_whoever_started_it() -> None:
    with pytest.raises(BanGUIError, match="the port is taken"):
        run_service(Namespace(verbose=False), fail(BanGUIError("the port is taken")))


def test_what_is_said_arrives_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    say("BanGUI is on http://127.0.0.1:8080/")
    assert capsys.readouterr().out == "BanGUI is on http://127.0.0.1:8080/\n"
