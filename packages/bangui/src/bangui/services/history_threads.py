"""Lends the history to whoever runs on the event loop: its functions block, so questions are asked in threads.

The threads are a few of their own, and every wait has an end: a question that finds no thread or no answer in time
fails as busy. A thread cannot be stopped, so a slow question keeps its thread until it is done, and with it one of the
places; that is why a slow disk ends in few slow threads and not in many. Long lists are read in parts, each a question
of its own, and only so many lists at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import islice
from typing import TypeVar

from bangui.domain.history_ports import HistoryReader, StoreError, StoreTrouble
from bangui.domain.phrases import phrase
from bangui.domain.places import PlaceFinder

T = TypeVar("T")

THREADS = 3
# A question takes some hundredths of a second; one that waits for this many others has waited long enough.
_MOST_WAITING = 32
_MOST_STREAMS = 2


class HistoryThreads:
    """A reader, and the threads that ask it. `places` tells the names of networks; it does not block."""

    def __init__(self, reader: HistoryReader, places: PlaceFinder, *, seconds: float = 10.0) -> None:
        self.places = places
        self._reader = reader
        self._seconds = seconds
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="history")
        self._asked = 0
        self._streams = 0

    async def ask(self, question: Callable[[HistoryReader], T]) -> T:
        """Return what a question returns; raises `StoreError`, and whatever else the question raises."""
        return await self._in_thread(lambda: question(self._reader))

    async def stream(
        self, question: Callable[[HistoryReader], Iterator[T]], at_once: int = 500
    ) -> AsyncGenerator[list[T], None]:
        """Yield what a question yields, so many at once; close it when it is not read to its end."""
        if self._streams >= _MOST_STREAMS:
            raise _busy("as many lists as it can write at once are being written", "try again in a minute")
        self._streams += 1
        items: Iterator[T] | None = None
        try:
            items = iter(await self.ask(question))
            while part := await self._in_thread(lambda: list(islice(items, at_once))):
                yield part
        finally:
            self._streams -= 1
            close = getattr(items, "close", None)
            if close is not None:
                # A generator that a slow thread is still inside of ends with that thread.
                with suppress(ValueError):
                    close()

    async def _in_thread(self, call: Callable[[], T]) -> T:
        if self._asked >= THREADS + _MOST_WAITING:
            raise _busy(phrase("too many ask it at once"), phrase("try again in a moment"))
        self._asked += 1
        work = asyncio.get_running_loop().run_in_executor(self._threads, call)
        work.add_done_callback(self._note_done)
        try:
            async with asyncio.timeout(self._seconds):
                return await asyncio.shield(work)
        except TimeoutError:
            raise _busy(phrase("it takes too long to answer"), phrase("try again, or ask for a shorter time")) from None

    def _note_done(self, work: asyncio.Future[T]) -> None:
        self._asked -= 1
        if not work.cancelled():
            work.exception()  # of a question that nobody waits for any more

    def close(self) -> None:
        """Wait (blocking) for the questions that are being asked, so that what they use can be closed."""
        self._threads.shutdown(cancel_futures=True)


def _busy(problem: str, hint: str) -> StoreError:
    return StoreError(phrase("the history is busy: {problem}", problem=problem), hint, trouble=StoreTrouble.BUSY)
