"""A socket between a client and a daemon that counts the commands and times each: a witness outside both."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
import time
from collections import deque
from pathlib import Path
from typing import Self

from aiofail2ban import ReplyReader

_END = b"<F2B_END_COMMAND>"
_CHUNK_BYTES = 256 * 1024


class CountingProxy:
    """Passes bytes on in both directions: `async with CountingProxy(path) as proxy`, then use `proxy.socket_path`.

    `seconds` lists, for each command that was answered, the time from its last byte to the last byte of its reply.
    """

    def __init__(self, daemon_socket: str) -> None:
        self.seconds: list[float] = []
        self._daemon_socket = daemon_socket
        self._directory = tempfile.TemporaryDirectory(prefix="f2b-bench-")
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()

    @property
    def socket_path(self) -> str:
        """Where to connect instead of to the daemon."""
        return str(Path(self._directory.name, "proxy.sock"))

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_unix_server(self._pass_on, self.socket_path)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.close()
        for connection in list(self._connections):
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        self._directory.cleanup()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._connections.add(task)
            task.add_done_callback(self._connections.discard)
        waiting: deque[float] = deque()
        replies, requests = await asyncio.open_unix_connection(self._daemon_socket)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(_copy_requests(reader, requests, waiting))
                group.create_task(self._copy_replies(replies, writer, waiting))
        finally:
            for side in (requests, writer):
                side.close()
                with contextlib.suppress(OSError):
                    await side.wait_closed()

    async def _copy_replies(
        self, source: asyncio.StreamReader, target: asyncio.StreamWriter, waiting: deque[float]
    ) -> None:
        framing = ReplyReader()
        while data := await source.read(_CHUNK_BYTES):
            for _ in framing.feed(data):
                self.seconds.append(time.perf_counter() - waiting.popleft())
            target.write(data)
        target.write_eof()


async def _copy_requests(source: asyncio.StreamReader, target: asyncio.StreamWriter, waiting: deque[float]) -> None:
    """Requests never contain the marker anywhere but at their end, so counting markers is counting requests."""
    tail = b""
    while data := await source.read(_CHUNK_BYTES):
        tail += data
        waiting.extend([time.perf_counter()] * tail.count(_END))
        tail = tail[tail.rfind(_END) + len(_END) :] if _END in tail else tail
        target.write(data)
    target.write_eof()
