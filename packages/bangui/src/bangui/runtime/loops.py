"""Running an event loop, and ending it well: the first Ctrl-C, SIGTERM or SIGHUP cancels the main task."""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
from argparse import Namespace
from collections.abc import Coroutine
from contextlib import suppress
from typing import TypeVar

from bangui.adapters.logs import start_logging
from bangui.domain.errors import BanGUIError

T = TypeVar("T")


def run_loop(work: Coroutine[object, object, T]) -> T:
    """Run an event loop; of the errors that task groups wrap, raise the first that is meant for people."""
    gc.enable()
    try:
        return asyncio.run(work)
    except BaseExceptionGroup as group:
        told = group.subgroup((BanGUIError, OSError))
        if told is None:
            raise
        first: BaseException = told
        while isinstance(first, BaseExceptionGroup):
            first = first.exceptions[0]
        raise first from None


def run_service(options: Namespace, work: Coroutine[object, object, None]) -> int:
    """Run a service until it is asked to end, which is a good end."""
    start_logging(is_verbose=options.verbose)
    # What was imported stays, so whoever looks for cycles need not look at it again and again.
    gc.freeze()
    with suppress(KeyboardInterrupt, asyncio.CancelledError):
        run_loop(work)
    return 0


def let_signals_cancel() -> None:
    """Let SIGTERM and SIGHUP end the main task in good order, as Ctrl-C does by itself."""
    task = asyncio.current_task()
    if task is not None:
        for number in (signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, task.cancel)


def say(text: str) -> None:
    """Write a line to standard output, now."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
