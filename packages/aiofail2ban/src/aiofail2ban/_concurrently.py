"""Several commands at once, on the one connection."""

from __future__ import annotations

from collections.abc import Awaitable, Iterable
from typing import TypeVar

T = TypeVar("T")


async def concurrently(awaitables: Iterable[Awaitable[T]]) -> list[T]:
    """Return the results in order; when some fail, wait for the others and raise the first error."""
    # Comes with the first use: a program that only needs the protocol starts without asyncio.
    from asyncio import gather

    results: list[T] = []
    for outcome in await gather(*awaitables, return_exceptions=True):
        if isinstance(outcome, BaseException):
            raise outcome
        results.append(outcome)
    return results
