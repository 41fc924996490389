"""The baseline: a connection per command, on a thread pool, as such clients are commonly written.

An asyncio facade hands each command to an executor. There a blocking socket is made, given a time limit, connected,
and closed after the reply; a connect that fails is tried again after a pause. A Python socket with a time limit is
non-blocking underneath, so while the daemon's short queue of connections is full its connect fails with EAGAIN at
once, whatever the limit says.

The patient variant has neither time limit nor retries, so that its connects wait in the kernel's queue for as long
as it takes, and few workers, so that they do not fight over it. It is the best that this design can do, at the price
of hanging for ever on a daemon that hangs.
"""

from __future__ import annotations

import asyncio
import errno
import pickle
import socket
import time
from collections.abc import Sequence
from concurrent.futures import Executor, ThreadPoolExecutor

from bench.work import Run, Work, stopwatch

_END = b"<F2B_END_COMMAND>"
_CLOSE = b"<F2B_CLOSE_COMMAND>"
_RETRIED = frozenset({errno.EAGAIN, errno.ECONNREFUSED, errno.ENOBUFS})
_PATIENT_WORKERS = 2


class PoolClient:
    """A connection per command: time limit 5 s, 3 attempts, back-off 0.15 s doubling, the loop's default executor."""

    name = "connection per command, thread pool"

    def __init__(
        self, socket_path: str, *, timeout: float | None = 5.0, attempts: int = 3, backoff: float = 0.15
    ) -> None:
        self._socket_path = socket_path
        self._timeout = timeout
        self._attempts = attempts
        self._backoff = backoff
        self._executor: Executor | None = None

    async def send(self, command: tuple[str, ...]) -> object:
        """Return the reply to one command."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._executor, self._send_with_retries, command)

    async def run(self, work: Work) -> Run:
        """Carry out `work`."""
        commands = [work.command] * work.count
        return await (self.burst(commands) if work.at_once else self._in_a_row(commands))

    async def burst(self, commands: Sequence[tuple[str, ...]]) -> Run:
        """Send all of `commands` at once."""
        with stopwatch() as watch:
            sent = [self.send(command) for command in commands]
            failed = sum(map(_is_failure, await asyncio.gather(*sent, return_exceptions=True)))
        return watch.read(failed)

    async def _in_a_row(self, commands: Sequence[tuple[str, ...]]) -> Run:
        failed = 0
        with stopwatch() as watch:
            for command in commands:
                try:
                    failed += _is_failure(await self.send(command))
                except OSError:
                    failed += 1
        return watch.read(failed)

    async def aclose(self) -> None:
        """Let go of everything."""
        if self._executor is not None:
            self._executor.shutdown()

    def _send_with_retries(self, command: tuple[str, ...]) -> object:
        for attempt in range(1, self._attempts):
            try:
                return self._send_blocking(command)
            except OSError as error:
                if error.errno not in _RETRIED:
                    raise
            time.sleep(self._backoff * 2 ** (attempt - 1))
        return self._send_blocking(command)

    def _send_blocking(self, command: tuple[str, ...]) -> object:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
            sock.settimeout(self._timeout)
            sock.connect(self._socket_path)
            sock.sendall(pickle.dumps(list(command), protocol=2) + _END)
            received = bytearray()
            while not received.endswith(_END):
                chunk = sock.recv(32768)
                if not chunk:
                    raise ConnectionResetError(errno.ECONNRESET, "connection closed mid-reply")
                received += chunk
            sock.sendall(_CLOSE + _END)
            sock.shutdown(socket.SHUT_RDWR)
        return pickle.loads(received)


class PatientPoolClient(PoolClient):
    """The same without time limit and retries, on two workers: nothing can fail, and nothing backs off."""

    name = "the same, patient: no time limit, 2 workers"

    def __init__(self, socket_path: str) -> None:
        super().__init__(socket_path, timeout=None, attempts=1)
        self._executor = ThreadPoolExecutor(_PATIENT_WORKERS)


def _is_failure(reply: object) -> bool:
    return not isinstance(reply, tuple) or reply[0] != 0
