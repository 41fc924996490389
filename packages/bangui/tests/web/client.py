"""Asks an ASGI application without a network: whole answers, and streams read event by event."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
from starlette.types import ASGIApp, Message, Scope

HOST = "127.0.0.1:8080"


async def ask(
    app: ASGIApp,
    path: str,
    *,
    method: str = "GET",
    client: str = "127.0.0.1",
    headers: dict[str, str] | None = None,
    content: bytes | None = None,
) -> httpx.Response:
    """Return the whole answer to one request."""
    transport = httpx.ASGITransport(app=app, client=(client, 50000), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=f"http://{HOST}") as asker:
        return await asker.request(method, path, headers={"accept": "text/html", **(headers or {})}, content=content)


@dataclass
class Event:
    kind: str
    id: str | None
    data: dict[str, object]


@dataclass
class Stream:
    """One open stream; a reader that does not call `read` is slow, and the application's `send` waits for it."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    _chunks: asyncio.Queue[bytes] = field(default_factory=lambda: asyncio.Queue(maxsize=1))
    _started: asyncio.Event = field(default_factory=asyncio.Event)
    _left: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
            self._started.set()
        else:
            await self._chunks.put(message["body"])

    async def receive(self) -> Message:
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def read(self, within: float = 2.0) -> bytes:
        async with asyncio.timeout(within):
            return await self._chunks.get()

    async def event(self, within: float = 2.0) -> Event:
        """Return the next event; the line that sets the pause before a new try is none."""
        chunk = b""
        while b"event:" not in chunk:
            chunk = await self.read(within)
        lines = dict(line.split(": ", 1) for line in chunk.decode().splitlines() if line)
        return Event(lines["event"], lines.get("id"), json.loads(lines["data"]))

    async def opened(self) -> None:
        async with asyncio.timeout(2):
            await self._started.wait()

    def leave(self) -> None:
        self._left.set()


@asynccontextmanager
async def open_stream(
    app: ASGIApp, query: str = "", headers: dict[str, str] | None = None, *, path: str = "/events"
) -> AsyncIterator[Stream]:
    """Open a stream; at the end the reader leaves and the application must finish by itself."""
    stream = Stream()
    raw = [(name.encode(), value.encode()) for name, value in {"host": HOST, **(headers or {})}.items()]
    scope: Scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": raw,
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", 8080),
    }
    async with asyncio.TaskGroup() as tasks:
        serving = tasks.create_task(_run(app, scope, stream))
        await stream.opened()
        try:
            yield stream
        finally:
            stream.leave()
            drain = tasks.create_task(_drain(stream))
            async with asyncio.timeout(2):
                await serving
            drain.cancel()


async def _run(app: ASGIApp, scope: Scope, stream: Stream) -> None:
    await app(scope, stream.receive, stream.take)


async def _drain(stream: Stream) -> None:
    while True:
        await stream.read(60)
