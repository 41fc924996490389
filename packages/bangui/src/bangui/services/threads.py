"""Calls that block, made in a thread of the event loop's pool."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


async def in_thread(call: Callable[[], T]) -> T:
    """Return what a blocking call returns; one that is cancelled meanwhile is waited for.

    A thread cannot be stopped, and what it uses must not be closed under it. The calls made here are short.
    """
    work = asyncio.ensure_future(asyncio.to_thread(call))
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        await asyncio.wait([work])
        raise
