"""The live stream: server-sent events that say *that* something changed; the page then fetches what it shows.

What travels is small and the same for everybody: `changed` with the name of the new state, `fresh` when the numbers
were confirmed without a change, `beat` when there was nothing else to say (a comment would do for proxies, but a page
cannot see comments and so could not notice a dead connection). The reasons are in docs/decisions/0004.

Invariants:
- Nothing is queued for a browser. It gets the newest state when it can take it, at most `MIN_GAP` apart, and while it
  reads slowly nothing is read for it. One that does not read at all is cut off.
- A stream costs the daemon nothing: all streams watch one `LiveSource`.
- The id of an event names the state of one run of the server (`state_id`), so a browser that comes back with
  `Last-Event-ID` hears nothing of what it has, and one `changed` for whatever it has missed.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager, suppress

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from bangui.domain.snapshot import Snapshot
from bangui.web.barring import until_barred
from bangui.web.errors import Problem, WebError
from bangui.web.overview import has_numbers
from bangui.web.ports import LiveSource
from bangui.web.settings import WebSettings
from bangui.web.words import machine

MIN_GAP_SECONDS = 0.2
"""Bursts end in one event per gap; the first change after a quiet moment travels at once."""

RETRY_MILLISECONDS = 2000
_LONGEST_ID = 100
STREAM_HEADERS = {"Content-Type": "text/event-stream; charset=utf-8", "X-Accel-Buffering": "no"}
_TOO_MANY = Problem(
    503,
    "Too many live pages",
    "BanGUI keeps a limited number of pages live at once.",
    "This page goes on without; close others to free a place.",
    headers=(("Retry-After", "30"),),
)


def state_id(run: str, snapshot: Snapshot) -> str:
    """Return the name of a snapshot's state: `run` tells one run of the server from the next."""
    return f"{run}-{snapshot.revision}"


def encode_event(kind: str, facts: dict[str, object], event_id: str | None = None) -> bytes:
    """Return one event as bytes; JSON escapes every line break, so the data is one line."""
    name = f"id: {event_id}\n" if event_id is not None else ""
    return f"{name}event: {kind}\ndata: {json.dumps(facts, separators=(',', ':'))}\n\n".encode()


class _News:
    """Tells a stream that there is something newer; what it is, the stream looks up when it can send it."""

    def __init__(self) -> None:
        self._arrived = asyncio.Event()
        self.is_over = False

    def tell(self) -> None:
        self._arrived.set()

    def end(self) -> None:
        self.is_over = True
        self._arrived.set()

    async def wait(self, seconds: float) -> bool:
        """Return True as soon as something has arrived since the last call, False when the time is over."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._arrived.wait()
                self._arrived.clear()
                return True
        return False


class EventStreams:
    """All live streams of the server, and their limit."""

    def __init__(self, live: LiveSource, run: str, settings: WebSettings) -> None:
        self._live = live
        self._run = run
        self._settings = settings
        self.open = 0

    async def endpoint(self, request: Request) -> Response:
        """Serve `/events`."""
        if request.method == "HEAD":
            return Response(headers=STREAM_HEADERS)
        self.check_room()
        known = request.headers.get("last-event-id") or request.query_params.get("since", "")
        return _Stream(self, request, known[:_LONGEST_ID])

    def check_room(self) -> None:
        """Raise WebError where there are as many streams as there may be, those of logs included."""
        if self.open >= self._settings.max_streams:
            raise WebError(_TOO_MANY)

    async def serve(self, request: Request, known: str, receive: Receive, send: Send) -> None:
        """Run one stream until the browser leaves or stops reading, its session ends, or the server stops."""
        news = _News()
        async with self.place(), asyncio.TaskGroup() as tasks:
            helpers = [
                tasks.create_task(work)
                for work in (
                    self._follow(news),
                    _end_at_disconnect(receive, news),
                    self._end_when_barred(request, news),
                )
            ]
            try:
                await self._send(news, known, send)
            except TimeoutError:
                pass  # it does not read: cut off, it can come back with its Last-Event-ID
            finally:
                for helper in helpers:
                    helper.cancel()

    async def _send(self, news: _News, known: str, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": raw_headers(STREAM_HEADERS)})
        async with aclosing(self._events(news, known)) as events:
            async for event in events:
                async with asyncio.timeout(self._settings.send_seconds):
                    await send({"type": "http.response.body", "body": event, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _events(self, news: _News, known: str) -> AsyncGenerator[bytes, None]:
        """Yield what a browser that knows the state `known` has to hear."""
        yield f"retry: {RETRY_MILLISECONDS}\n\n".encode()
        sent_at = None
        has_news = False
        while not news.is_over:
            snapshot = self._live.snapshot
            state = state_id(self._run, snapshot)
            if state != known:
                yield encode_event("changed", _facts(snapshot), state)
                known, sent_at = state, snapshot.taken_at
                await asyncio.sleep(MIN_GAP_SECONDS)
            elif not has_news and snapshot.taken_at != sent_at:
                yield encode_event("fresh", _facts(snapshot))
                sent_at = snapshot.taken_at
            elif not has_news:
                yield encode_event("beat", {})
            has_news = await news.wait(self._settings.heartbeat_seconds)

    async def _follow(self, news: _News) -> None:
        async with aclosing(self._live.subscribe(is_eager=True)) as snapshots:
            async for _ in snapshots:
                news.tell()
        news.end()

    async def _end_when_barred(self, request: Request, news: _News) -> None:
        await until_barred(request, self._settings.recheck_seconds)
        news.end()

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Hold one of the places while a stream is open."""
        self.open += 1
        try:
            yield
        finally:
            self.open -= 1


class _Stream(Response):
    """An answer without end."""

    def __init__(self, streams: EventStreams, request: Request, known: str) -> None:
        super().__init__()
        self._streams = streams
        self._request = request
        self._known = known

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the stream; everything that the request said is known already, so `scope` has nothing to add."""
        del scope
        await self._streams.serve(self._request, self._known, receive, send)


async def _end_at_disconnect(receive: Receive, news: _News) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    news.end()


def _facts(snapshot: Snapshot) -> dict[str, object]:
    taken_at = machine(snapshot.taken_at) if has_numbers(snapshot) else None
    return {"presence": snapshot.daemon.presence.value, "takenAt": taken_at}


def raw_headers(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    """Return headers as the server sends them."""
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]
