"""Connections on which nothing arrives, to a real server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from bangui.web.patience import PatientProtocol
from bangui.web.server import PageServer, listen

WHOLE = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


async def greet(_: object) -> PlainTextResponse:
    return PlainTextResponse("hello")


@asynccontextmanager
async def served() -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    ready = asyncio.Event()
    server = PageServer(Starlette(routes=[Route("/", greet)]), ready.set)
    with listen("127.0.0.1", 0) as listener:
        async with asyncio.timeout(20), asyncio.TaskGroup() as group:
            group.create_task(server.serve(sockets=[listener]))
            await ready.wait()
            reader, writer = await asyncio.open_connection("127.0.0.1", listener.getsockname()[1])
            try:
                yield reader, writer
            finally:
                writer.close()
                server.should_exit = True


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PatientProtocol, "head_seconds", 0.2)


@pytest.mark.parametrize("sent", [b"", b"G", WHOLE[:-2]])
async def test_whoever_sends_no_whole_request_is_not_waited_for(impatient: None, sent: bytes) -> None:
    async with served() as (reader, writer):
        writer.write(sent)
        assert await reader.read() == b""


async def test_drops_that_keep_coming_do_not_help(impatient: None) -> None:
    async with served() as (reader, writer):
        ended = asyncio.ensure_future(reader.read())
        for byte in WHOLE[:-1] * 100:
            if ended.done():
                break
            writer.write(bytes([byte]))
            await asyncio.sleep(0.02)
        with suppress(ConnectionError):  # a drop may have met a closed door
            assert await ended == b""
        assert ended.done()


async def test_a_request_after_another_has_its_own_time(impatient: None) -> None:
    async with served() as (reader, writer):
        for _ in range(3):
            writer.write(WHOLE)
            assert b"hello" in await reader.readuntil(b"hello")
        writer.write(b"GET / HT")
        assert await reader.read() == b""
