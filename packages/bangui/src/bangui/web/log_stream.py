"""The stream of a log's lines: server-sent events that carry rows of the page, ready to be shown.

`lines` brings new rows, `beat` nothing but the place that was read up to, `gone` why there will be no more. The id of
each event is that place, so a browser that comes back with `Last-Event-ID` goes on where it was. Streams of logs have
their places among those of the pages (`EventStreams`): there are only so many in all. Whoever does not read is cut off.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from bangui.domain.errors import BanGUIError
from bangui.services.log_lines import LogLines
from bangui.web.barring import until_barred
from bangui.web.events import RETRY_MILLISECONDS, STREAM_HEADERS, encode_event, raw_headers
from bangui.web.log_contexts import NewLogLines
from bangui.web.log_query import LogQuery, read_log_query
from bangui.web.log_view import build_rows
from bangui.web.site import Site
from bangui.web.words import sentence

# A place in the journal is six numbers with their names.
_LONGEST_PLACE = 400


class LogStreams:
    """The streams of logs."""

    def __init__(self, site: Site, lines: LogLines) -> None:
        self._site = site
        self._lines = lines

    async def endpoint(self, request: Request) -> Response:
        """Serve `/log/lines`."""
        query = read_log_query(request.query_params)
        if request.method == "HEAD":
            return Response(headers=STREAM_HEADERS)
        self._site.streams.check_room()
        place = request.headers.get("last-event-id") or request.query_params.get("since", "")
        return _Stream(self, request, query, place[:_LONGEST_PLACE] or None)

    async def serve(self, request: Request, query: LogQuery, place: str | None, receive: Receive, send: Send) -> None:
        """Run one stream until the browser leaves or stops reading, its session ends, or the server stops."""
        async with self._site.streams.place(), asyncio.TaskGroup() as tasks:
            sending = tasks.create_task(self._send(query, place, send))
            ends = [
                tasks.create_task(work)
                for work in (
                    _until_disconnect(receive),
                    self._until_shutdown(),
                    until_barred(request, self._site.settings.recheck_seconds),
                )
            ]
            await asyncio.wait([sending, *ends], return_when=asyncio.FIRST_COMPLETED)
            for task in (sending, *ends):
                task.cancel()

    async def _send(self, query: LogQuery, place: str | None, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": raw_headers(STREAM_HEADERS)})
        async with aclosing(self._events(query, place)) as events:
            async for event in events:
                try:
                    async with asyncio.timeout(self._site.settings.send_seconds):
                        await send({"type": "http.response.body", "body": event, "more_body": True})
                except TimeoutError:
                    return  # it does not read, and can come back with its Last-Event-ID
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _events(self, query: LogQuery, place: str | None) -> AsyncGenerator[bytes, None]:
        yield f"retry: {RETRY_MILLISECONDS}\n\n".encode()
        loop = asyncio.get_running_loop()
        spoken_at = loop.time()
        try:
            async with aclosing(self._lines.follow(query.file, place, query.filter)) as parts:
                async for part in parts:
                    is_silent = loop.time() - spoken_at >= self._site.settings.heartbeat_seconds
                    if part.lines or part.is_anew:
                        html = self._site.renderer.html(NewLogLines(build_rows(part)))
                        yield encode_event("lines", {"html": html, "count": len(part.lines)}, part.place)
                    elif is_silent:
                        yield encode_event("beat", {}, part.place)
                    else:
                        continue
                    spoken_at = loop.time()
        except BanGUIError as error:
            yield encode_event("gone", {"text": f"{sentence(error.message)} {sentence(error.hint)}".strip()})

    async def _until_shutdown(self) -> None:
        async for _ in self._site.live.subscribe():
            pass


async def _until_disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


class _Stream(Response):
    """An answer without end."""

    def __init__(self, streams: LogStreams, request: Request, query: LogQuery, place: str | None) -> None:
        super().__init__()
        self._request = request
        self._streams = streams
        self._query = query
        self._place = place

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the stream; everything that the request said is known already, so `scope` has nothing to add."""
        del scope
        await self._streams.serve(self._request, self._query, self._place, receive, send)
