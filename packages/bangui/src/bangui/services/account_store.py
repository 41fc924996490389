"""Asks the store of accounts, in a thread; whatever is wrong with it lets nobody in."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from bangui.domain.access_errors import AccessUnavailable
from bangui.domain.history_ports import StoreError
from bangui.services.threads import in_thread

_log = logging.getLogger("bangui.accounts")

T = TypeVar("T")


async def ask(call: Callable[[], T]) -> T:
    """Return what the store says; raise `AccessUnavailable` where it cannot, and tell the log why."""
    try:
        return await in_thread(call)
    except StoreError as error:
        tell(error)
        raise AccessUnavailable from error


async def mention(call: Callable[[], object]) -> None:
    """Tell the store something that may get lost: it must not keep anybody from what they are allowed."""
    try:
        await in_thread(call)
    except StoreError as error:
        tell(error)


def tell(error: StoreError) -> None:
    """Log what is wrong with the store."""
    _log.error("accounts_unavailable", extra={"problem": error.message, "hint": error.hint})
