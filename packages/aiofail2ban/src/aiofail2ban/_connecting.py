"""Connecting to a daemon that is busy, starting or dead: attempts, and the pauses inside and between them.

The daemon's queue of connections has room for two, so a full one is ordinary, and says that the daemon lives. Clients
that were turned away together would come back together after the same pause, and all but two of them in vain. So an
attempt that finds the queue full knocks again for a moment, in short pauses that chance draws apart, and only then
counts as failed. The pauses between attempts are the session's, and exact.

Invariants: at most one timer runs; whoever is no longer wanted stops at its next knock.
"""

from __future__ import annotations

import asyncio
import errno
import os
import socket
from collections.abc import Callable

from ._transport import connect
from .errors import Fail2BanConnectionError

# What may pass by itself: a full queue, a daemon that is just starting, a machine out of buffers.
RETRIED_ERRNOS = frozenset({errno.EAGAIN, errno.ECONNREFUSED, errno.ENOBUFS})

# The sum of an attempt's pauses. A daemon at leisure accepts thousands of connections meanwhile.
KNOCKING_SECONDS = 0.1
# Each pause is twice as long as the one before, up to the longest, of which chance takes up to a half.
_FIRST_PAUSE = 0.002
_LONGEST_PAUSE = 0.02


class Connector:
    """Attempts to connect, one at a time.

    An attempt ends in a call of `on_open` with a connected socket, or of `on_failed`, or in silence once `is_wanted`
    says no. Those may be called before `attempt` returns.
    """

    def __init__(
        self,
        socket_path: str,
        loop: asyncio.AbstractEventLoop,
        is_wanted: Callable[[], bool],
        on_open: Callable[[socket.socket], None],
        on_failed: Callable[[Fail2BanConnectionError], None],
    ) -> None:
        self._socket_path = socket_path
        self._loop = loop
        self._is_wanted = is_wanted
        self._on_open = on_open
        self._on_failed = on_failed
        self._timer: asyncio.TimerHandle | None = None
        self._pause = 0.0
        self._patience = 0.0

    @property
    def is_pausing(self) -> bool:
        """Whether an attempt is under way or to come."""
        return self._timer is not None

    def attempt(self) -> None:
        """Begin an attempt now."""
        self._pause, self._patience = _FIRST_PAUSE, KNOCKING_SECONDS
        self._knock()

    def attempt_after(self, seconds: float) -> None:
        """Begin an attempt after a pause."""
        self._timer = self._loop.call_later(seconds, self.attempt)

    def stop(self) -> None:
        """Give up what is under way."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _knock(self) -> None:
        self._timer = None
        if not self._is_wanted():
            return
        try:
            sock = connect(self._socket_path)
        except Fail2BanConnectionError as error:
            if error.errno == errno.EAGAIN and self._patience > 0:
                self._knock_again()
            else:
                self._on_failed(error)
            return
        self._on_open(sock)

    def _knock_again(self) -> None:
        chance = os.urandom(1)[0] / 255
        pause = min(self._pause * (1 - chance / 2), self._patience)
        self._pause = min(2 * self._pause, _LONGEST_PAUSE)
        self._patience -= pause
        self._timer = self._loop.call_later(pause, self._knock)
