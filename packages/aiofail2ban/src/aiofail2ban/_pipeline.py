"""One connection: requests written in order, replies matched to them in the same order.

The protocol has no request numbers, so order is all there is. A caller that gave up (time limit, cancellation)
leaves its place in the row, and its reply is thrown away when it comes: no other caller can ever get it.
"""

from __future__ import annotations

import asyncio
import socket
from collections import deque
from collections.abc import Callable

from ._command import Fail2BanCommand, Fail2BanResponse
from ._protocol import ReplyReader
from ._transport import UnixTransport
from .errors import Fail2BanProtocolError


class Request:
    """One encoded request and the caller who waits for its reply.

    `timeout` is the caller's whole limit in seconds, `deadline` the moment on the loop's clock when it ends.
    """

    __slots__ = ("command", "deadline", "future", "is_resent", "is_taken", "payload", "reads", "timeout")

    def __init__(
        self,
        command: Fail2BanCommand,
        payload: bytes,
        loop: asyncio.AbstractEventLoop,
        timeout: float,
        *,
        reads: bool,
    ) -> None:
        self.command = command
        self.payload = payload
        self.future: asyncio.Future[Fail2BanResponse] = loop.create_future()
        self.timeout = timeout
        self.deadline = loop.time() + timeout
        self.reads = reads
        self.is_taken = False
        self.is_resent = False

    @property
    def is_awaited(self) -> bool:
        return not self.future.done()

    @property
    def may_go_again(self) -> bool:
        """Whether sending it once more cannot make the daemon do something twice."""
        return (self.reads or not self.is_taken) and not self.is_resent

    def fail(self, error: Exception) -> None:
        if not self.future.done():
            self.future.set_exception(error)


class Pipeline:
    """Requests in flight on one connection.

    `on_reply` is called after each piece of data that settled at least one request. `on_lost(pipeline, error)` is
    called once when the connection is over, by the other side or by an undecodable reply; what was still in flight
    then is in `in_flight`.
    """

    def __init__(
        self,
        sock: socket.socket,
        loop: asyncio.AbstractEventLoop,
        max_reply_bytes: int,
        on_reply: Callable[[Pipeline], None],
        on_lost: Callable[[Pipeline, OSError | Fail2BanProtocolError | None], None],
    ) -> None:
        self.in_flight: deque[Request] = deque()
        self._on_reply = on_reply
        self._on_lost = on_lost
        self._reader = ReplyReader(max_reply_bytes)
        self._transport = UnixTransport(sock, loop, self._receive, self._lose)

    @property
    def is_open(self) -> bool:
        return not self._transport.is_closed

    @property
    def is_awaited(self) -> bool:
        """Whether anybody still waits for a reply on this connection."""
        return any(request.is_awaited for request in self.in_flight)

    def send(self, requests: list[Request]) -> None:
        """Write `requests`, in one piece."""
        self.in_flight.extend(requests)
        is_taken = self._transport.write(b"".join([request.payload for request in requests]))
        for request in requests:
            request.is_taken = is_taken

    def close(self) -> None:
        self._transport.close()

    def _receive(self, data: bytes) -> None:
        try:
            for reply in self._reader.feed(data):
                if not self.in_flight:
                    raise Fail2BanProtocolError(
                        "the daemon sent a reply that nobody had asked for",
                        hint="Something else than fail2ban answers on this socket.",
                    )
                request = self.in_flight.popleft()
                if not request.future.done():
                    request.future.set_result(reply)
        except Fail2BanProtocolError as error:
            self._transport.close()
            self._lose(error)
            return
        self._on_reply(self)

    def _lose(self, error: OSError | Fail2BanProtocolError | None) -> None:
        self._on_lost(self, error)
