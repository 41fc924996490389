"""The life of the connection on one event loop: connect, share, time out, lose, connect again.

Everything runs in callbacks of the loop; a caller only waits for its own future. There is one connection, shared by
all callers in order. Rules:

- A request waits until the window of requests in flight has a place. Its deadline counts from the call, so that
  waiting, connecting and answering share one limit.
- A request that may have reached the daemon is sent again only if it merely reads, and only once.
- When the oldest awaited request of the connection runs out of time, the connection is no longer trusted with new
  requests. Those in flight may still get their replies from it; new ones go to a fresh connection. At most these
  two exist at a time, because the daemon dies of too many.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ._command import Fail2BanCommand, Fail2BanResponse
from ._log import logger, shorten_command
from ._pickle import MAX_REPLY_BYTES
from ._pipeline import Pipeline, Request
from ._transport import RETRIED_ERRNOS, connect
from .errors import Fail2BanConnectionError, Fail2BanProtocolError, Fail2BanTimeoutError

_BUSY_HINT = "fail2ban serves one command at a time and is busy with another; a ban action may be slow or stuck."


@dataclass(frozen=True, slots=True)
class SessionOptions:
    """How a client uses its connection; times in seconds, `connect_backoff` doubles with each attempt."""

    max_in_flight: int = 100
    connect_attempts: int = 3
    connect_backoff: float = 0.15
    max_reply_bytes: int = MAX_REPLY_BYTES


class Session:
    """All requests of one client on one event loop.

    `on_connect` is called after each new connection: another daemon may be at the other end.
    """

    def __init__(
        self,
        socket_path: str,
        loop: asyncio.AbstractEventLoop,
        options: SessionOptions,
        on_connect: Callable[[], None],
    ) -> None:
        self.loop = loop
        self._socket_path = socket_path
        self._options = options
        self._on_connect = on_connect
        self._waiting: deque[Request] = deque()
        self._pipeline: Pipeline | None = None
        self._draining: Pipeline | None = None
        self._retry: asyncio.TimerHandle | None = None
        self._flush_soon: asyncio.Handle | None = None
        self._alarm: asyncio.TimerHandle | None = None

    @property
    def is_current(self) -> bool:
        """Whether the running event loop is this session's."""
        return asyncio.get_running_loop() is self.loop

    def submit(
        self, command: Fail2BanCommand, payload: bytes, timeout: float, *, reads: bool
    ) -> asyncio.Future[Fail2BanResponse]:
        """Send `payload`, the encoded `command`, and return its reply to be; `timeout` in seconds.

        The future raises `Fail2BanConnectionError`, `Fail2BanTimeoutError` or `Fail2BanProtocolError`. To cancel it
        is to give up the reply, not the command.
        """
        request = Request(command, payload, self.loop, timeout, reads=reads)
        self._waiting.append(request)
        self._set_alarm(request.deadline)
        if self._pipeline is not None and not self._pipeline.in_flight:
            self._flush()
        elif self._flush_soon is None:
            # Requests made in the same turn of the loop leave in one write.
            self._flush_soon = self.loop.call_soon(self._flush)
        return request.future

    def close(self, reason: str = "the client was closed") -> None:
        """Close every connection; whoever still waits gets a `Fail2BanConnectionError`."""
        for handle in (self._retry, self._flush_soon, self._alarm):
            if handle is not None:
                handle.cancel()
        self._retry = self._flush_soon = self._alarm = None
        requests = list(self._waiting)
        self._waiting.clear()
        for pipeline in (self._draining, self._pipeline):
            if pipeline is not None:
                pipeline.close()
                requests.extend(pipeline.in_flight)
        self._draining = self._pipeline = None
        if not self.loop.is_closed():
            for request in requests:
                request.fail(Fail2BanConnectionError(reason, self._socket_path))

    def close_from_anywhere(self) -> None:
        """Close, also from a thread that is not the loop's: finalizers run wherever the last reference ends."""
        if self.loop.is_running() and asyncio._get_running_loop() is not self.loop:
            self.loop.call_soon_threadsafe(self.close)
        else:
            self.close()

    # Sending

    def _flush(self) -> None:
        if self._flush_soon is not None:
            self._flush_soon.cancel()
            self._flush_soon = None
        if not self._waiting or self._retry is not None:
            return
        if self._pipeline is None:
            self._connect(1)
            return
        places = self._options.max_in_flight - len(self._pipeline.in_flight)
        batch: list[Request] = []
        while self._waiting and len(batch) < places:
            request = self._waiting.popleft()
            if request.is_awaited:
                batch.append(request)
        if batch:
            self._pipeline.send(batch)
        if self._waiting and logger.isEnabledFor(logging.DEBUG):
            logger.debug(
                "fail2ban_command_waiting",
                extra={
                    "command": shorten_command(self._waiting[-1].command),
                    "limit": self._options.max_in_flight,
                },
            )

    def _connect(self, attempt: int) -> None:
        self._retry = None
        if not any(request.is_awaited for request in self._waiting):
            self._waiting.clear()
            return
        try:
            sock = connect(self._socket_path)
        except Fail2BanConnectionError as error:
            if error.errno in RETRIED_ERRNOS and attempt < self._options.connect_attempts:
                self._connect_later(attempt, error)
            else:
                self._fail_waiting(error)
            return
        self._pipeline = Pipeline(sock, self.loop, self._options.max_reply_bytes, self._replied, self._lost)
        self._on_connect()
        self._flush()

    def _connect_later(self, attempt: int, error: Fail2BanConnectionError) -> None:
        logger.warning(
            "fail2ban_socket_retry",
            extra={
                "attempt": attempt,
                "socket_errno": error.errno,
                "socket_path": self._socket_path,
            },
        )
        delay = self._options.connect_backoff * 2 ** (attempt - 1)
        self._retry = self.loop.call_later(delay, self._connect, attempt + 1)

    def _fail_waiting(self, error: Fail2BanConnectionError) -> None:
        self._log_connection_error(error)
        waiting = list(self._waiting)
        self._waiting.clear()
        for request in waiting:
            request.fail(_copy(error))

    # What comes back

    def _replied(self, pipeline: Pipeline) -> None:
        if pipeline is self._draining:
            if not pipeline.is_awaited:
                pipeline.close()
                self._draining = None
        elif self._waiting:
            self._flush()

    def _lost(self, pipeline: Pipeline, error: OSError | Fail2BanProtocolError | None) -> None:
        if pipeline is self._pipeline:
            self._pipeline = None
        elif pipeline is self._draining:
            self._draining = None
        requests = [request for request in pipeline.in_flight if request.is_awaited]
        if isinstance(error, Fail2BanProtocolError):
            self._blame(error, pipeline, requests)
        self._send_again_or_fail(requests)

    def _blame(self, error: Fail2BanProtocolError, pipeline: Pipeline, requests: list[Request]) -> None:
        """Give the undecodable reply to the one who asked for it: the first in the row."""
        command = ""
        if pipeline.in_flight:
            first = pipeline.in_flight[0]
            command = shorten_command(first.command)
            if requests and requests[0] is first:
                del requests[0]
                first.fail(error)
        logger.error(
            "fail2ban_protocol_error",
            extra={"command": command, "error": str(error), "socket_path": self._socket_path},
        )

    def _send_again_or_fail(self, requests: Iterable[Request]) -> None:
        again: list[Request] = []
        for request in requests:
            if request.may_go_again:
                request.is_resent = True
                again.append(request)
            else:
                error = Fail2BanConnectionError(_lost_message(request), self._socket_path)
                self._log_connection_error(error, request)
                request.fail(error)
        self._waiting.extendleft(reversed(again))
        self._flush()

    # Deadlines

    def _set_alarm(self, deadline: float) -> None:
        if self._alarm is not None:
            if self._alarm.when() <= deadline:
                return
            self._alarm.cancel()
        self._alarm = self.loop.call_at(deadline, self._expire)

    def _expire(self) -> None:
        self._alarm = None
        now = self.loop.time()
        is_stuck = self._pipeline is not None and _is_stuck(self._pipeline, self._waiting, now)
        pipelines = [pipeline for pipeline in (self._draining, self._pipeline) if pipeline is not None]
        earliest: float | None = None
        for request in (*(r for p in pipelines for r in p.in_flight), *self._waiting):
            if not request.is_awaited:
                continue
            if request.deadline <= now:
                self._time_out(request)
            elif earliest is None or request.deadline < earliest:
                earliest = request.deadline
        if is_stuck:
            self._drain()
        if earliest is not None:
            self._set_alarm(earliest)

    def _time_out(self, request: Request) -> None:
        what = "in time and may still carry it out" if request.is_taken and not request.reads else "in time"
        error = Fail2BanTimeoutError(
            f"the daemon did not answer {what} (limit {request.timeout:g} s)",
            self._socket_path,
            hint=_BUSY_HINT,
        )
        self._log_connection_error(error, request)
        request.fail(error)

    def _drain(self) -> None:
        """Take the connection out of use for new requests; keep it while somebody waits on it."""
        old, self._pipeline = self._pipeline, None
        if old is not None and old.is_awaited:
            older, self._draining = self._draining, old
            if older is not None:
                older.close()
                self._send_again_or_fail(request for request in older.in_flight if request.is_awaited)
        elif old is not None:
            old.close()
        self._flush()

    def _log_connection_error(self, error: Fail2BanConnectionError, request: Request | None = None) -> None:
        fields: dict[str, object] = {"error": str(error), "socket_path": self._socket_path}
        if request is not None:
            fields["command"] = shorten_command(request.command)
        logger.warning("fail2ban_connection_error", extra=fields)


def _is_stuck(pipeline: Pipeline, waiting: Iterable[Request], now: float) -> bool:
    """Whether a deadline has passed with nothing else to blame than this connection.

    True when the oldest request that is still awaited is late, or when only places that their callers have given
    up keep the waiting ones from being sent.
    """
    oldest = next((request for request in pipeline.in_flight if request.is_awaited), None)
    if oldest is not None:
        return oldest.deadline <= now
    return bool(pipeline.in_flight) and any(request.deadline <= now for request in waiting)


def _copy(error: Fail2BanConnectionError) -> Fail2BanConnectionError:
    """One exception for each waiting caller: a shared one would collect all their tracebacks."""
    message = str(error).removesuffix(f" (socket: {error.socket_path})")
    return type(error)(message, error.socket_path, hint=error.hint, errno=error.errno)


def _lost_message(request: Request) -> str:
    if request.reads or not request.is_taken:
        return "the daemon closed the connection before it answered"
    return "the daemon closed the connection before it answered; it may have carried out the command"
