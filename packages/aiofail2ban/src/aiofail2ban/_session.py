"""The life of the connection on one event loop: connect, share, time out, lose, connect again.

Everything runs in callbacks of the loop; a caller only waits for its own future. There is one connection, shared by
all callers in order. Rules:

- A request waits until the window of requests in flight has a place. Its deadline counts from the call, so that
  waiting, connecting and answering share one limit.
- A request that may have reached the daemon is sent again only if it merely reads, and only once.
- When the oldest awaited request of the connection, or one before it, runs out of time, the connection is no longer
  trusted with new requests. Those in flight may still get their replies from it; new ones go to a fresh connection.
  At most these two exist at a time, because the daemon dies of too many.
"""

from __future__ import annotations

import asyncio
import logging
import math
import socket
from collections import deque
from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import dataclass

from ._command import Fail2BanCommand, Fail2BanResponse
from ._connecting import RETRIED_ERRNOS, Connector
from ._log import log_connection_error, log_protocol_error, log_retry, log_sending, log_waiting, logger
from ._pickle_bytes import MAX_REPLY_BYTES
from ._pipeline import Pipeline, Request
from ._transport import connection_error
from .errors import Fail2BanConnectionError, Fail2BanProtocolError, Fail2BanTimeoutError

# Why a connection is over, for those who were still waiting on it.
_LOST = "the daemon closed the connection before it answered"
_SPOILT = "the connection was given up after a reply that makes no sense, before the daemon answered"
_SILENT = "the connection was given up because the daemon fell silent on it"

_BUSY_HINT = "fail2ban serves one command at a time and is busy with another; a ban action may be slow or stuck."


@dataclass(frozen=True, slots=True)
class SessionOptions:
    """How a client uses its connection; times in seconds.

    `connect_backoff` is the pause after the first failed attempt to connect, and doubles with each further one.
    """

    max_in_flight: int = 200
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
        self._connector = Connector(
            socket_path, loop, self._is_connection_wanted, self._connected, self._attempt_failed
        )
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
        if self._connector.is_pausing and not any(other.is_awaited for other in self._waiting):
            # The pause belongs to callers who have given up. This one has its own first attempt, now.
            self._connector.stop()
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
        self._connector.stop()
        for handle in (self._flush_soon, self._alarm):
            if handle is not None:
                handle.cancel()
        self._flush_soon = self._alarm = None
        requests = list(self._waiting)
        self._waiting.clear()
        for pipeline in self._pipelines():
            pipeline.close()
            requests.extend(pipeline.take_requests())
        self._draining = self._pipeline = None
        if not self.loop.is_closed():
            for request in requests:
                request.fail(Fail2BanConnectionError(reason, self._socket_path))

    def close_from_anywhere(self) -> None:
        """Close, also from a thread that is not the loop's: finalizers run wherever the last reference ends."""
        if self.loop.is_running() and asyncio._get_running_loop() is not self.loop:
            try:
                self.loop.call_soon_threadsafe(self.close)
            except RuntimeError:
                # The loop was closed in this very moment; it watches nothing any more.
                self.close()
        else:
            self.close()

    def _pipelines(self) -> list[Pipeline]:
        return [pipeline for pipeline in (self._draining, self._pipeline) if pipeline is not None]

    # Sending

    def _flush(self) -> None:
        if self._flush_soon is not None:
            self._flush_soon.cancel()
            self._flush_soon = None
        if not self._waiting or self._connector.is_pausing:
            return
        pipeline = self._pipeline
        if pipeline is None:
            self._connector.attempt()
        elif pipeline.is_open:
            # Otherwise its loss is about to be told, and everything waiting goes to the next connection.
            self._fill_window(pipeline)

    def _fill_window(self, pipeline: Pipeline) -> None:
        places = self._options.max_in_flight - len(pipeline.in_flight)
        if self._draining is not None:
            places -= self._draining.awaited_count
        batch: list[Request] = []
        while self._waiting and len(batch) < places:
            request = self._waiting.popleft()
            if request.is_awaited:
                batch.append(request)
        is_logging = logger.isEnabledFor(logging.DEBUG)
        if batch:
            if is_logging:
                for request in batch:
                    log_sending(request.command)
            pipeline.send(batch)
        if is_logging:
            self._log_waiting()

    def _log_waiting(self) -> None:
        new: list[Request] = []
        for request in reversed(self._waiting):
            if request.has_waited:
                break
            request.has_waited = True
            new.append(request)
        for request in reversed(new):
            log_waiting(request.command, self._options.max_in_flight)

    # Connecting

    def _is_connection_wanted(self) -> bool:
        self._forget_given_up()
        return len(self._waiting) > 0

    def _connected(self, sock: socket.socket) -> None:
        try:
            pipeline = Pipeline(sock, self.loop, self._options.max_reply_bytes, self._replied, self._lost)
        except OSError as error:
            sock.close()
            self._attempt_failed(connection_error("cannot watch the connection", self._socket_path, error.errno or 0))
            return
        self._pipeline = pipeline
        for request in self._waiting:
            request.failed_attempts = 0
        self._on_connect()
        self._flush()

    def _attempt_failed(self, error: Fail2BanConnectionError) -> None:
        """Fail those whose attempts are used up; try again for the others, after a pause."""
        attempts = self._options.connect_attempts if error.errno in RETRIED_ERRNOS else 1
        waiting, self._waiting = self._waiting, deque()
        failed: list[Request] = []
        for request in waiting:
            request.failed_attempts += 1
            (self._waiting if request.failed_attempts < attempts else failed).append(request)
        if failed:
            log_connection_error(error, self._socket_path)
        for request in failed:
            # One exception for each: a shared one would collect the tracebacks of all callers.
            request.fail(copy(error))
        if self._waiting:
            # Of the one who has waited longest; those who came later keep the rest of theirs.
            attempt = max(request.failed_attempts for request in self._waiting)
            log_retry(attempt, error.errno, self._socket_path)
            # The product by the power, without computing that: there may be thousands of attempts without a pause.
            self._connector.attempt_after(math.ldexp(self._options.connect_backoff, attempt - 1))

    def _forget_given_up(self) -> None:
        if not all(request.is_awaited for request in self._waiting):
            self._waiting = deque(request for request in self._waiting if request.is_awaited)

    # What comes back

    def _replied(self, pipeline: Pipeline) -> None:
        if pipeline is self._draining:
            self._close_drained()
        if self._waiting:
            self._flush()

    def _lost(self, pipeline: Pipeline, error: OSError | Fail2BanProtocolError | None) -> None:
        if pipeline is self._pipeline:
            self._pipeline = None
        elif pipeline is self._draining:
            self._draining = None
        requests = pipeline.take_requests()
        if isinstance(error, Fail2BanProtocolError):
            # The undecodable reply belongs to the one who asked for it: the first in the row.
            log_protocol_error(error, self._socket_path, requests[0].command if requests else None)
            if requests:
                requests.pop(0).fail(error)
            self._send_again_or_fail(requests, _SPOILT)
        else:
            self._send_again_or_fail(requests, _LOST, None if error is None else error.errno)

    def _send_again_or_fail(self, requests: Iterable[Request], reason: str, errno: int | None = None) -> None:
        again: list[Request] = []
        for request in requests:
            if not request.is_awaited:
                continue
            if request.may_go_again:
                request.is_resent = True
                again.append(request)
            else:
                may_happen = request.may_be_taken and not request.reads
                message = f"{reason}; it may have carried out the command" if may_happen else reason
                error = Fail2BanConnectionError(message, self._socket_path, errno=errno)
                log_connection_error(error, self._socket_path, request.command)
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
        is_stuck = self._is_stuck(now)
        for pipeline in self._pipelines():
            pipeline.mark_taken()
        for request in self._unfinished():
            if request.deadline <= now and request.is_awaited:
                self._time_out(request)
        self._forget_given_up()
        self._close_drained()
        if is_stuck:
            self._drain()
        # Also for those in flight whose callers have given up: that they go unanswered says something.
        earliest = min((r.deadline for r in self._unfinished() if r.deadline > now), default=None)
        if earliest is not None:
            self._set_alarm(earliest)

    def _unfinished(self) -> Iterable[Request]:
        for pipeline in self._pipelines():
            yield from pipeline.in_flight
        yield from self._waiting

    def _is_stuck(self, now: float) -> bool:
        """Whether a deadline has passed with nothing else to blame than the connection."""
        pipeline = self._pipeline
        if pipeline is None or not pipeline.in_flight:
            return False
        if pipeline.is_late(now):
            return True
        # Only places that their callers have given up keep the waiting ones from being sent.
        return not pipeline.awaited_count and any(request.deadline <= now for request in self._waiting)

    def _time_out(self, request: Request) -> None:
        may_happen = request.may_be_taken and not request.reads
        error = Fail2BanTimeoutError(
            f"the daemon did not answer in time{' and may still carry it out' if may_happen else ''}"
            f" (limit {request.timeout:g} s)",
            self._socket_path,
            hint=_BUSY_HINT,
        )
        log_connection_error(error, self._socket_path, request.command)
        request.fail(error)

    def _drain(self) -> None:
        """Take the connection out of use for new requests; keep it while somebody waits on it."""
        old, self._pipeline = self._pipeline, None
        older = self._draining
        if old is not None and old.awaited_count:
            self._draining = old
            if older is not None:
                older.close()
                self._send_again_or_fail(older.take_requests(), _SILENT)
        elif old is not None:
            old.close()
        self._flush()

    def _close_drained(self) -> None:
        if self._draining is not None and not self._draining.awaited_count:
            self._draining.close()
            self._draining = None
