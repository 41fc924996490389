"""`/history/export`: everything that a search finds, as a file.

A file of any length needs no more memory than a short one: it is read and sent in parts, each of which the browser has
to take before the next one is read. One that does not read is cut off, only a few files are written at once, and a file
that cannot be finished ends without its end, so that the browser says that the download has failed.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Send
from starlette.types import Scope as AsgiScope

from bangui.domain.accounts import Scope
from bangui.domain.errors import BanGUIError
from bangui.domain.history import EventKind
from bangui.domain.history_ports import HistoryReader
from bangui.domain.history_queries import Filter, Order, SortKey
from bangui.services.event_export import csv_lines, json_lines
from bangui.services.history import AddressList, find, require_jails, with_lines
from bangui.services.network_names import NetworkNames
from bangui.web.errors import Problem, WebError
from bangui.web.gate import RouteSpec
from bangui.web.history_query import EXPORT_PATH, Asked, read_query, understand
from bangui.web.ports import HistorySource
from bangui.web.settings import WebSettings
from bangui.web.site import Site
from bangui.web.words import sentence

_log = logging.getLogger("bangui.web")

_MEDIA_TYPES = {"csv": "text/csv", "jsonl": "application/x-ndjson", "list": "text/plain"}
_ENDINGS = {"csv": "csv", "jsonl": "jsonl", "list": "txt"}

Question = Callable[[HistoryReader], Iterator[str]]


def routes(site: Site) -> tuple[RouteSpec, ...]:
    """Return the route of the files."""
    exports = Exports(site.history, site.settings, now=site.now)
    return (RouteSpec(EXPORT_PATH, exports.endpoint, Scope.READ),)


class Exports:
    """Writes files of events; `history` is None where no history is kept."""

    def __init__(self, history: HistorySource | None, settings: WebSettings, *, now: Callable[[], datetime]) -> None:
        self._history = history
        self._settings = settings
        self._now = now
        self._names = NetworkNames(history.places) if history else None

    async def endpoint(self, request: Request) -> Response:
        """Serve `/history/export?format=csv&...`, with the fields of `/history`."""
        form = request.query_params.get("format", "csv")
        history, names = self._history, self._names
        if form not in _MEDIA_TYPES:
            raise WebError(_NO_SUCH_FORMAT)
        if history is None or names is None:
            raise WebError(_NOT_KEPT)
        asked = understand(read_query(request.query_params), self._now())
        if asked.problems:
            name, problem = next(iter(asked.problems.items()))
            raise WebError(Problem(422, "That cannot be right", sentence(f"{name}: {problem.text}"), problem.hint))
        headers = {
            "Content-Type": f"{_MEDIA_TYPES[form]}; charset=utf-8",
            "Content-Disposition": f'attachment; filename="bangui-{self._now():%Y-%m-%d-%H%M}.{_ENDINGS[form]}"',
        }
        if request.method == "HEAD":
            return Response(headers=headers)
        question = _question(form, asked, names, has_lines=bool(request.query_params.get("lines")))
        parts = history.stream(question)
        first = await first_part(parts)
        return StreamedFile(first, parts, headers, self._settings.send_seconds)


def _question(form: str, asked: Asked, names: NetworkNames, *, has_lines: bool) -> Question:
    def question(reader: HistoryReader) -> Iterator[str]:
        require_jails(reader, asked.filter.jails)
        return _lines(reader)

    def _lines(reader: HistoryReader) -> Iterator[str]:
        if form == "list":
            yield from _addresses(reader, asked.filter)
            return
        events = find(reader, [asked.filter], asked.order)
        told = with_lines(reader, events) if has_lines else ((event, ()) for event in events)
        write = csv_lines if form == "csv" else json_lines
        yield from write(told, names, with_lines=has_lines)

    return question


def _addresses(reader: HistoryReader, filter: Filter) -> Iterator[str]:
    """Yield each address once, in order; without a kind those that were banned, since such a list is for blocking."""
    wanted = filter if filter.kinds else replace(filter, kinds=(EventKind.BAN,))
    events = find(reader, [wanted], Order(SortKey.ADDRESS, is_descending=False))
    for address in AddressList(events):
        yield f"{address}\n"


async def first_part(parts: AsyncGenerator[list[str], None]) -> list[str]:
    """Return the first part: what goes wrong until then is an error page and no broken file."""
    try:
        return await anext(parts)
    except StopAsyncIteration:
        return []


class StreamedFile(Response):
    """An answer that is sent as it is read."""

    def __init__(
        self,
        first: list[str],
        parts: AsyncGenerator[list[str], None],
        headers: dict[str, str],
        send_seconds: float,
    ) -> None:
        super().__init__(headers=headers)
        del self.headers["content-length"]
        self._first = first
        self._parts = parts
        self._send_seconds = send_seconds

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        """Send the file, until its end or until the browser leaves."""
        del scope
        async with aclosing(self._parts), asyncio.TaskGroup() as tasks:
            sending = tasks.create_task(self._send(send))
            watching = tasks.create_task(_cancel_at_disconnect(receive, sending))
            sending.add_done_callback(lambda _: watching.cancel())

    async def _send(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        try:
            await self._send_part(send, self._first)
            async for part in self._parts:
                await self._send_part(send, part)
        except (BanGUIError, TimeoutError) as error:
            _log.warning("export_broke_off", extra={"problem": str(error) or "the browser does not read"})
            return
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _send_part(self, send: Send, part: list[str]) -> None:
        async with asyncio.timeout(self._send_seconds):
            await send({"type": "http.response.body", "body": "".join(part).encode(), "more_body": True})


async def _cancel_at_disconnect(receive: Receive, sending: asyncio.Task[None]) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    sending.cancel()


_NO_SUCH_FORMAT = Problem(422, "That cannot be right", "There is no such format.", "Expected csv, jsonl or list.")
_NOT_KEPT = Problem(404, "No history", "No history is kept, so there is nothing to export.")
