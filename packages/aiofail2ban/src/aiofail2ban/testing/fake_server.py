"""A scripted daemon in the same process, for tests of programs that talk to fail2ban.

It speaks the daemon's side of the protocol as the daemon does: it cuts its input at the first end marker, answers
in order, reports exceptions as pickled objects, and unreadable requests as a bare `ERROR:` text. What it answers is
up to a function. Use `Fail2BanProcess` where the behaviour of a real daemon matters.
"""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import pickle
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self, TypeAlias

from aiofail2ban._encode import END_MARKER, MAX_REQUEST_BYTES
from aiofail2ban._pickle import PickleReader
from aiofail2ban.errors import Fail2BanProtocolError

CLOSE_COMMAND = b"<F2B_CLOSE_COMMAND>"


@dataclass(frozen=True, slots=True)
class RawReply:
    """Bytes to send as they are, without a marker of their own; then close the connection if `then_close`."""

    data: bytes
    then_close: bool = False


class NoReply:
    """The command is never answered, and so nothing behind it on its connection: replies come in order."""


Answer: TypeAlias = Callable[[list[object]], object | Awaitable[object]]


def encode_reply(value: object, protocol: int = pickle.HIGHEST_PROTOCOL) -> bytes:
    """Return the bytes of a reply as a daemon sends it; `value` is usually `(0, ...)` or `(1, exception)`."""
    return pickle.dumps(value, protocol) + END_MARKER


class FakeServer:
    """A Unix socket that answers commands with whatever `answer` returns.

    `answer` gets the list of tokens and returns the value of a success reply, or raises for an error reply, or
    returns a `RawReply` or a `NoReply`. It may be async. Commands of one connection are answered one after the
    other, those of several connections side by side. `commands` lists what came in; `connections` counts all
    connections, `open_connections` those open now, `most_connections` the most that were open at a time.

        async with FakeServer(lambda command: "pong") as server:
            assert await Fail2BanClient(server.socket_path).ping()
    """

    def __init__(
        self,
        answer: Answer,
        *,
        socket_path: Path | None = None,
        protocol: int = pickle.HIGHEST_PROTOCOL,
    ) -> None:
        self.commands: list[list[object]] = []
        self.connections = 0
        self.open_connections = 0
        self.most_connections = 0
        self._answer = answer
        self._protocol = protocol
        self._directory: tempfile.TemporaryDirectory[str] | None = None
        self._given_path = socket_path
        self._server: asyncio.Server | None = None
        self._handlers: set[asyncio.Task[None]] = set()

    @property
    def socket_path(self) -> str:
        """Where the server listens."""
        if self._given_path is not None:
            return str(self._given_path)
        if self._directory is None:
            raise RuntimeError("the FakeServer has not started: use it with 'async with'")
        return str(Path(self._directory.name, "fail2ban.sock"))

    async def start(self) -> None:
        """Listen."""
        if self._given_path is None and self._directory is None:
            self._directory = tempfile.TemporaryDirectory(prefix="f2b-")
        self._server = await asyncio.start_unix_server(self._accept, self.socket_path, limit=MAX_REQUEST_BYTES)

    async def stop(self) -> None:
        """Stop listening, close all connections, and remove the socket as a daemon does."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for handler in list(self._handlers):
            handler.cancel()
        await asyncio.gather(*self._handlers, return_exceptions=True)
        with contextlib.suppress(FileNotFoundError):
            Path(self.socket_path).unlink()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.stop()
        if self._directory is not None:
            self._directory.cleanup()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._server is None:
            # The connection came in the moment of stopping.
            writer.close()
            return
        handler = asyncio.create_task(self._serve(reader, writer))
        self._handlers.add(handler)
        handler.add_done_callback(self._handlers.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.open_connections += 1
        self.most_connections = max(self.most_connections, self.open_connections)
        try:
            await self._converse(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            # The client went away, or the server stops: both end the conversation and nothing else.
            pass
        finally:
            self.open_connections -= 1
            writer.close()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            message = (await reader.readuntil(END_MARKER))[: -len(END_MARKER)]
            if message == CLOSE_COMMAND:
                return
            reply = await self._reply(message)
            if isinstance(reply, NoReply):
                while await reader.read(65536):
                    pass
                return
            writer.write(reply.data)
            await writer.drain()
            if reply.then_close:
                return

    async def _reply(self, message: bytes) -> RawReply | NoReply:
        command = _decode_request(message)
        if command is None:
            return RawReply(encode_reply("ERROR: pickle data was truncated", self._protocol))
        self.commands.append(command)
        (answer,) = await asyncio.gather(self._ask(command), return_exceptions=True)
        if isinstance(answer, BaseException):
            return RawReply(encode_reply((1, answer), self._protocol))
        if isinstance(answer, (RawReply, NoReply)):
            return answer
        return RawReply(encode_reply((0, answer), self._protocol))

    async def _ask(self, command: list[object]) -> object:
        answer = self._answer(command)
        return await answer if inspect.isawaitable(answer) else answer


def _decode_request(message: bytes) -> list[object] | None:
    reader = PickleReader()
    try:
        is_complete = reader.feed(message)
    except Fail2BanProtocolError:
        return None
    value = reader.take_value()[0] if is_complete else None
    return value if isinstance(value, list) else None
