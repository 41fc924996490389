"""The client that all this is about, as a contestant."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from aiofail2ban import Fail2BanClient, Fail2BanError, Fail2BanResponse
from bench.work import Run, Work, stopwatch

# The daemon needs a second and more for the largest replies, on a slow machine several.
_SECONDS = 60.0


class OurClient:
    """One `Fail2BanClient`, with its settings as they come."""

    name = "aiofail2ban"

    def __init__(self, socket_path: str) -> None:
        self.client = Fail2BanClient(socket_path, timeout=_SECONDS)

    async def run(self, work: Work) -> Run:
        """Carry out `work`."""
        send = self.client.send
        with stopwatch() as watch:
            if work.at_once:
                commands = [send(work.command) for _ in range(work.count)]
                replies = await asyncio.gather(*commands, return_exceptions=True)
                failed = sum(map(_is_failure, replies))
            else:
                failed = 0
                for _ in range(work.count):
                    try:
                        failed += _is_failure(await send(work.command))
                    except Fail2BanError:
                        failed += 1
        return watch.read(failed)

    async def repeat(self, call: Callable[[], Awaitable[object]], count: int = 1) -> Run:
        """Run a typed method `count` times, one after another."""
        with stopwatch() as watch:
            for _ in range(count):
                await call()
        return watch.read()

    async def aclose(self) -> None:
        """Let go of everything."""
        await self.client.aclose()


def _is_failure(reply: Fail2BanResponse | BaseException) -> bool:
    return isinstance(reply, BaseException) or reply[0] != 0
