"""The typed commands of the library over a plain blocking socket, for programs that ask once and end.

Importing asyncio alone takes as long as `fail2ban-client status` takes in all, and a command line has nothing to do
while it waits. So the same services, the same gateway and the same commands run here without an event loop: `execute`
blocks instead of suspending, and `finish` runs a coroutine that therefore never suspends.

Rules: one connection, one request at a time; each command has one deadline for all of its waiting, connecting
included; after any failure the connection is closed, because a late reply would be taken for the next one.
"""

from __future__ import annotations

import errno
import os
import socket
import time
from collections.abc import Coroutine
from typing import TypeVar

from aiofail2ban import (
    Command,
    Fail2BanConnectionError,
    Fail2BanProtocolError,
    Fail2BanResponse,
    Fail2BanTimeoutError,
    ReplyReader,
    ServerCommands,
    encode_request,
    interpret,
)

T = TypeVar("T")

# Nobody listens: the daemon is gone, or has just made its socket and will listen in a moment.
_REFUSED_ATTEMPTS = 3
_FIRST_PAUSE = 0.01
_LONGEST_PAUSE = 0.25
_READ_BYTES = 256 * 1024


def finish(work: Coroutine[object, object, T]) -> T:
    """Run a coroutine that waits for nothing but one-shot commands, and return its result."""
    try:
        work.send(None)
    except StopIteration as end:
        result: T = end.value
        return result
    work.close()
    raise RuntimeError("this coroutine waits for an event loop, and here is none")


class OneShotCommands(ServerCommands):
    """A daemon behind its socket; `timeout` (seconds) is the limit of each command, slow ones are granted more."""

    def __init__(self, socket_path: str, timeout: float) -> None:
        super().__init__()
        self.socket_path = socket_path
        self.timeout = timeout
        self._socket: socket.socket | None = None
        self._reader = ReplyReader()

    async def execute(self, command: Command[T]) -> T:
        """Send a command, wait for its reply here and now, and return it parsed."""
        request = encode_request(command.request)
        deadline = time.monotonic() + self.timeout + command.extra_seconds
        try:
            response = self._exchange(request, deadline)
        except BaseException:
            self.close()
            raise
        return interpret(command, response)

    def close(self) -> None:
        """Close the connection; the next command opens another one."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    async def aclose(self) -> None:
        """Close the connection."""
        self.close()

    def _exchange(self, request: bytes, deadline: float) -> Fail2BanResponse:
        if self._socket is None:
            self._socket = self._connect(deadline)
            self._reader = ReplyReader()
        try:
            self._socket.settimeout(self._left(deadline))
            self._socket.sendall(request)
            return self._receive(self._socket, deadline)
        except TimeoutError:
            raise self._too_slow() from None
        except OSError as error:
            raise self._failed("the connection broke", error.errno) from None

    def _receive(self, connection: socket.socket, deadline: float) -> Fail2BanResponse:
        while True:
            connection.settimeout(self._left(deadline))
            data = connection.recv(_READ_BYTES)
            if not data:
                raise Fail2BanConnectionError("fail2ban closed the connection before it answered", self.socket_path)
            responses = list(self._reader.feed(data))
            if len(responses) > 1:
                raise Fail2BanProtocolError("the daemon sent more replies than it was asked for")
            if responses:
                return responses[0]

    def _connect(self, deadline: float) -> socket.socket:
        """Return a connected socket.

        A full queue of connections answers EAGAIN at once, also to a socket with a time limit, so we wait and try
        again ourselves; whether the connection is real only `getpeername` tells.
        """
        pause, refusals = _FIRST_PAUSE, 0
        while True:
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            connection.setblocking(False)
            code = self._try_to_connect(connection)
            if code == 0:
                return connection
            connection.close()
            refusals += code == errno.ECONNREFUSED
            if code not in {errno.EAGAIN, errno.ENOBUFS, errno.ECONNREFUSED} or refusals >= _REFUSED_ATTEMPTS:
                raise self._failed("cannot connect", code)
            if time.monotonic() + pause > deadline:
                raise self._too_slow()
            time.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    def _try_to_connect(self, connection: socket.socket) -> int:
        """Return 0 when somebody is at the other end, else the errno."""
        try:
            code = connection.connect_ex(self.socket_path)
        except (OSError, ValueError):
            return errno.ENAMETOOLONG
        if code:
            return code
        try:
            connection.getpeername()
        except OSError:
            return errno.EAGAIN
        return 0

    def _left(self, deadline: float) -> float:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def _failed(self, what: str, code: int | None) -> Fail2BanConnectionError:
        reason = os.strerror(code) if code else "unknown error"
        return Fail2BanConnectionError(f"{what}: {reason}", self.socket_path, errno=code)

    def _too_slow(self) -> Fail2BanTimeoutError:
        return Fail2BanTimeoutError("fail2ban did not answer in time", self.socket_path, errno=errno.ETIMEDOUT)
