"""One connection: requests written in order, replies matched to them in the same order.

The protocol has no request numbers, so order is all there is. A caller that gave up (time limit, cancellation)
leaves its place in the row, and its reply is thrown away when it comes: no other caller can ever get it.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections import deque
from collections.abc import Callable

from ._command import Fail2BanCommand, Fail2BanResponse
from ._log import log_received, logger
from ._protocol import ReplyReader
from ._transport import UnixTransport
from .errors import Fail2BanProtocolError


class Request:
    """One encoded request and the caller who waits for its reply.

    `timeout` is the caller's whole limit in seconds, `deadline` the moment on the loop's clock when it ends.
    `failed_attempts` counts the attempts to connect that it has waited for in vain. `ends_at` is the byte of its
    connection's stream behind it, `may_be_taken` whether the daemon may have read it.
    """

    __slots__ = (
        "command",
        "deadline",
        "ends_at",
        "failed_attempts",
        "future",
        "has_waited",
        "is_resent",
        "may_be_taken",
        "payload",
        "reads",
        "timeout",
    )

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
        self.failed_attempts = 0
        self.ends_at = 0
        self.may_be_taken = False
        self.is_resent = False
        self.has_waited = False

    @property
    def is_awaited(self) -> bool:
        return not self.future.done()

    @property
    def may_go_again(self) -> bool:
        """Whether sending it once more cannot make the daemon do something twice."""
        return (self.reads or not self.may_be_taken) and not self.is_resent

    def fail(self, error: Exception) -> None:
        if not self.future.done():
            self.future.set_exception(error)
            # A caller that is gone is no reason for asyncio to complain that nobody looked at the error.
            self.future.exception()


class Pipeline:
    """Requests in flight on one connection.

    `on_reply` is called after each piece of data. `on_lost` is called once when the connection is over, by the other
    side or by an undecodable reply; `take_requests` then gives what was still in flight.
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
        self._written_bytes = 0
        self._transport = UnixTransport(sock, loop, self._receive, self._lose)

    @property
    def is_open(self) -> bool:
        return not self._transport.is_closed

    @property
    def awaited_count(self) -> int:
        """How many callers still wait for a reply on this connection."""
        return sum([request.is_awaited for request in self.in_flight])

    def is_late(self, now: float) -> bool:
        """Whether the daemon owes a reply whose time is over, the oldest awaited one or one before that."""
        for request in self.in_flight:
            if request.deadline <= now:
                return True
            if request.is_awaited:
                return False
        return False

    def send(self, requests: list[Request]) -> None:
        """Write `requests`, in one piece."""
        end = self._written_bytes
        for request in requests:
            end += len(request.payload)
            request.ends_at = end
        self._written_bytes = end
        self.in_flight.extend(requests)
        self._transport.write(b"".join([request.payload for request in requests]))

    def mark_taken(self) -> None:
        """Find out which requests the daemon may have read: those that left us to the last byte.

        It does nothing with a request before it has the end marker, the last bytes of it.
        """
        for request in self.in_flight:
            request.may_be_taken = request.ends_at <= self._transport.sent_bytes

    def take_requests(self) -> list[Request]:
        """Hand over all requests in flight; they are no longer this connection's."""
        self.mark_taken()
        requests = list(self.in_flight)
        self.in_flight.clear()
        return requests

    def close(self) -> None:
        self._transport.close()

    def _receive(self, data: bytes) -> None:
        is_logging = logger.isEnabledFor(logging.DEBUG)
        in_flight = self.in_flight
        try:
            for reply in self._reader.feed(data):
                if not in_flight:
                    raise _unasked()
                request = in_flight.popleft()
                if is_logging:
                    log_received(request.command, reply)
                if not request.future.done():
                    request.future.set_result(reply)
            if not in_flight and not self._reader.is_idle:
                # The beginning of a reply that nobody asked for must not become the next caller's.
                raise _unasked()
        except Fail2BanProtocolError as error:
            self._transport.close()
            self._on_lost(self, error)
            return
        self._on_reply(self)

    def _lose(self, error: OSError | None) -> None:
        self._on_lost(self, error)


def _unasked() -> Fail2BanProtocolError:
    return Fail2BanProtocolError(
        "the daemon sent a reply that nobody had asked for",
        hint="Something else than fail2ban answers on this socket.",
    )
