"""Lets a few in at once and a few more wait; sends all others away, so that a flood costs nearly nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bangui.domain.access_errors import TooBusy


class Admission:
    """A door with `at_once` places behind it and `waiting` in front, for `patience` seconds at most."""

    def __init__(self, at_once: int, waiting: int, patience: float = 10.0) -> None:
        self._places = asyncio.Semaphore(at_once)
        self._most = at_once + waiting
        self._patience = patience
        self._inside = 0

    @asynccontextmanager
    async def enter(self) -> AsyncIterator[None]:
        """Hold a place for the length of the block, or raise `TooBusy`."""
        if self._inside >= self._most:
            raise TooBusy
        self._inside += 1
        try:
            await self._take_place()
            try:
                yield
            finally:
                self._places.release()
        finally:
            self._inside -= 1

    async def _take_place(self) -> None:
        try:
            async with asyncio.timeout(self._patience):
                await self._places.acquire()
        except TimeoutError:
            raise TooBusy from None
