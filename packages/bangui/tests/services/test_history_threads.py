from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from typing import cast

import pytest

from bangui.domain.history_ports import HistoryReader, StoreError, StoreTrouble
from bangui.services.history_threads import THREADS, HistoryThreads
from bangui.web.ports import HistorySource
from packages.bangui.tests.filled_history import FixedPlaces

# The questions of these tests do not look at it: what is tested is how they are asked.
READER = cast("HistoryReader", object())


@pytest.fixture
def history() -> Iterator[HistoryThreads]:
    history = HistoryThreads(READER, FixedPlaces(), seconds=0.2)
    yield history
    history.close()


async def test_a_question_is_asked_in_another_thread_and_handed_the_reader(history: HistoryThreads) -> None:
    def question(reader: HistoryReader) -> str:
        assert reader is READER
        return threading.current_thread().name

    assert (await history.ask(question)).startswith("history")


async def test_what_a_question_raises_reaches_whoever_asked(history: HistoryThreads) -> None:
    def question(reader: HistoryReader) -> None:
        raise StoreError("damaged", trouble=StoreTrouble.DAMAGED)

    with pytest.raises(StoreError, match="damaged"):
        await history.ask(question)


async def test_a_question_that_takes_too_long_fails_as_busy_and_its_thread_comes_back() -> None:
    history = HistoryThreads(READER, FixedPlaces(), seconds=0.05)
    gate = threading.Event()
    with pytest.raises(StoreError, match="too long") as raised:
        await history.ask(lambda reader: gate.wait(10))
    assert raised.value.trouble is StoreTrouble.BUSY
    gate.set()
    assert await history.ask(lambda reader: 7) == 7
    history.close()


async def test_more_questions_than_can_wait_are_refused_at_once() -> None:
    history = HistoryThreads(READER, FixedPlaces(), seconds=10)
    gate = threading.Event()
    asked = [asyncio.create_task(history.ask(lambda reader: gate.wait(10))) for _ in range(THREADS + 32)]
    await asyncio.sleep(0)
    with pytest.raises(StoreError, match="too many"):
        await history.ask(lambda reader: None)
    gate.set()
    assert all(await asyncio.gather(*asked))
    assert await history.ask(lambda reader: 7) == 7
    history.close()


async def test_a_stream_comes_in_parts_and_in_order(history: HistoryThreads) -> None:
    parts = [part async for part in history.stream(lambda reader: iter(range(5)), 2)]
    assert parts == [[0, 1], [2, 3], [4]]


async def test_a_stream_reads_no_further_than_it_is_asked_to_and_ends_what_it_read(history: HistoryThreads) -> None:
    read: list[int] = []
    ended = threading.Event()

    def question(reader: HistoryReader) -> Iterator[int]:
        try:
            for number in range(1_000_000):
                read.append(number)
                yield number
        finally:
            ended.set()

    stream = history.stream(question, 10)
    assert await anext(stream) == list(range(10))
    await stream.aclose()
    assert len(read) == 10
    assert ended.is_set()


async def test_only_so_many_streams_are_open_at_once(history: HistoryThreads) -> None:
    open_ = [history.stream(lambda reader: iter(range(9)), 1) for _ in range(2)]
    for stream in open_:
        await anext(stream)
    with pytest.raises(StoreError, match="as many lists"):
        await anext(history.stream(lambda reader: iter(range(9)), 1))
    await open_[0].aclose()
    assert await anext(history.stream(lambda reader: iter(range(9)), 1)) == [0]
    await open_[1].aclose()


async def test_closing_waits_for_the_questions_that_are_being_asked() -> None:
    history = HistoryThreads(READER, FixedPlaces(), seconds=0.05)
    gate, done = threading.Event(), threading.Event()

    def question(reader: HistoryReader) -> None:
        gate.wait(10)
        done.set()

    with pytest.raises(StoreError):
        await history.ask(question)
    closing = asyncio.create_task(asyncio.to_thread(history.close))
    await asyncio.sleep(0.05)
    assert not closing.done()
    gate.set()
    await closing
    assert done.is_set()


def test_it_is_what_the_pages_ask() -> None:
    source: HistorySource = HistoryThreads(READER, FixedPlaces())
    assert source.places.sources()
