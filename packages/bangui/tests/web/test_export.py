from __future__ import annotations

import asyncio
import csv
import io
import json
from collections.abc import AsyncGenerator, Callable, Iterator
from pathlib import Path
from typing import TypeVar, cast

import pytest
from starlette.types import ASGIApp, Message, Scope

from bangui.domain.history_ports import HistoryReader, StoreError, StoreTrouble
from bangui.services.history_threads import HistoryThreads
from bangui.web import WebSettings
from packages.bangui.tests.filled_history import HOSTILE, NOW, NUMBER_OF_EVENTS, FilledHistory, FixedPlaces, ban
from packages.bangui.tests.web.client import HOST, ask
from packages.bangui.tests.web.lent import app_over
from packages.bangui.tests.web.opened import open_app
from packages.bangui.tests.web.scripted import ScriptedLive, few_bans

T = TypeVar("T")


@pytest.fixture
def app(tmp_path: Path) -> Iterator[ASGIApp]:
    with app_over(tmp_path) as app:
        yield app


async def test_a_table_of_everything_is_a_file_with_a_name(app: ASGIApp) -> None:
    answer = await ask(app, "/history/export")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="bangui-2026-06-01-1200.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    assert len(rows) == NUMBER_OF_EVENTS
    assert rows[0]["network_name"] == "EXAMPLE-SIX"
    assert "\x1b" not in answer.text
    assert "\u202e" not in answer.text


async def test_the_filters_and_the_order_are_those_of_the_page(app: ASGIApp) -> None:
    answer = await ask(app, "/history/export?format=jsonl&lines=1&kind=ban&q=203.0.113.0/24&sort=address&order=desc")
    events = [json.loads(line) for line in answer.text.splitlines()]
    assert [event["id"] for event in events] == ["203.0.113.9", "203.0.113.7", "203.0.113.7", "203.0.113.0/24"]
    assert len(events[0]["lines"]) == 5
    assert answer.headers["content-disposition"].endswith('.jsonl"')


async def test_the_list_holds_whom_a_jail_has_banned_sorted_and_once(app: ASGIApp) -> None:
    answer = await ask(app, "/history/export?format=list")
    assert answer.text == "203.0.113.0/24\n203.0.113.7\n203.0.113.9\n2001:db8::7\n"
    assert (await ask(app, "/history/export?format=list&kind=failure&jail=postfix")).text == "198.51.100.20\n"
    assert (await ask(app, "/history/export?format=list&country=KP")).text == ""


async def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    with app_over(tmp_path, [ban("=cmd|' /C calc'!A0", 5, "-jail", lines=["+evil", HOSTILE])]) as app:
        answer = await ask(app, "/history/export?lines=1")
    (row,) = csv.DictReader(io.StringIO(answer.text, newline=""))
    assert (row["id"], row["jail"]) == ("'=cmd|' /C calc'!A0", "'-jail")
    assert row["lines"].startswith("'+evil\n")


@pytest.mark.parametrize(
    ("query", "status"),
    [("format=xls", 422), ("kind=bam", 422), ("q=203.0.113.300", 422), ("jail=shsd", 404), ("sort=x", 422)],
)
async def test_what_cannot_be_right_is_an_error_and_no_file(app: ASGIApp, query: str, status: int) -> None:
    answer = await ask(app, f"/history/export?{query}", headers={"accept": "*/*"})
    assert answer.status_code == status
    assert "content-disposition" not in answer.headers


async def test_head_tells_what_there_is_and_reads_nothing(app: ASGIApp) -> None:
    answer = await ask(app, "/history/export?format=list", method="HEAD")
    assert answer.headers["content-disposition"].endswith('.txt"')
    assert answer.content == b""


async def test_it_is_only_for_our_own_pages_and_for_programs(app: ASGIApp) -> None:
    link = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
    assert (await ask(app, "/history/export", headers=link)).status_code == 403


async def test_without_a_history_there_is_nothing_to_export() -> None:
    app = open_app(ScriptedLive(few_bans()), WebSettings(version="1"))
    assert (await ask(app, "/history/export")).status_code == 404


class Parts:
    """A source whose stream yields what a test wants, and counts what was read of it."""

    def __init__(self, fails_at: int | None = None) -> None:
        self.places = FixedPlaces()
        self.read = 0
        self.is_closed = False
        self._fails_at = fails_at

    async def ask(self, question: Callable[[HistoryReader], T]) -> T:
        raise NotImplementedError

    async def stream(
        self, question: Callable[[HistoryReader], Iterator[T]], at_once: int = 500
    ) -> AsyncGenerator[list[T], None]:
        try:
            while True:
                self.read += 1
                if self.read == self._fails_at:
                    raise StoreError("the disk is gone", "look", trouble=StoreTrouble.AWAY)
                yield cast("list[T]", ["x" * 1_000 + "\n"] * 100)
        finally:
            self.is_closed = True


class Browser:
    """Takes an answer as slowly as a test wants."""

    def __init__(self, parts: Parts, settings: WebSettings | None = None) -> None:
        live = ScriptedLive(few_bans())
        self.app = open_app(live, settings or WebSettings(version="1"), history=parts, now=lambda: NOW)
        self.messages: asyncio.Queue[Message] = asyncio.Queue(maxsize=1)
        self.left = asyncio.Event()

    async def receive(self) -> Message:
        await self.left.wait()
        return {"type": "http.disconnect"}

    def start(self) -> asyncio.Task[None]:
        scope: Scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": "/history/export",
            "raw_path": b"/history/export",
            "root_path": "",
            "query_string": b"",
            "headers": [(b"host", HOST.encode())],
            "client": ("127.0.0.1", 50000),
            "server": ("127.0.0.1", 8080),
        }
        return asyncio.create_task(self._run(scope))

    async def _run(self, scope: Scope) -> None:
        await self.app(scope, self.receive, self.messages.put)


async def test_nothing_is_read_that_the_browser_does_not_take() -> None:
    parts = Parts()
    browser = Browser(parts)
    serving = browser.start()
    for _ in range(4):
        await asyncio.wait_for(browser.messages.get(), 2)
    await asyncio.sleep(0.05)
    assert parts.read <= 6
    browser.left.set()
    await asyncio.wait_for(serving, 2)
    assert parts.is_closed


async def test_a_browser_that_does_not_read_is_cut_off() -> None:
    parts = Parts()
    browser = Browser(parts, WebSettings(version="1", send_seconds=0.05))
    await asyncio.wait_for(browser.start(), 2)
    assert parts.is_closed


async def test_a_file_that_cannot_be_finished_does_not_look_finished() -> None:
    browser = Browser(Parts(fails_at=3))
    serving = browser.start()
    taken = []
    while not serving.done() or not browser.messages.empty():
        try:
            taken.append(await asyncio.wait_for(browser.messages.get(), 0.1))
        except TimeoutError:
            continue
    assert taken[0]["status"] == 200
    assert all(message["more_body"] for message in taken[1:])


async def test_trouble_before_the_first_line_is_an_error_page() -> None:
    parts = Parts(fails_at=1)
    app = open_app(ScriptedLive(few_bans()), WebSettings(version="1"), history=parts, now=lambda: NOW)
    answer = await ask(app, "/history/export")
    assert answer.status_code == 503
    assert "The disk is gone." in answer.text


async def test_a_third_file_at_once_has_to_wait(tmp_path: Path) -> None:
    history = FilledHistory(tmp_path / "history.sqlite3")
    history.record()
    with history.open() as reader:
        source = HistoryThreads(reader, history.places)
        open_ = [source.stream(lambda reader: iter("ab"), 1) for _ in range(2)]
        for stream in open_:
            await anext(stream)
        app = open_app(ScriptedLive(few_bans()), WebSettings(version="1"), history=source, now=lambda: NOW)
        assert (await ask(app, "/history/export")).status_code == 503
        for stream in open_:
            await stream.aclose()
        assert (await ask(app, "/history/export")).status_code == 200
        source.close()
