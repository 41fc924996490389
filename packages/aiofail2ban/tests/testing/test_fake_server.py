"""The FakeServer speaks the daemon's side of the protocol as the daemon does."""

from __future__ import annotations

import asyncio
import pickle
from pathlib import Path

import pytest

from aiofail2ban import Fail2BanClient, Fail2BanConnectionError, RemoteObject, ReplyReader, encode_request
from aiofail2ban._encode import END_MARKER
from aiofail2ban.testing.fake_server import CLOSE_COMMAND, FakeServer, NoReply, RawReply, encode_reply


def echo(command: list[object]) -> object:
    return command[1:]


class Talk:
    """A connection of raw bytes."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self.replies = ReplyReader()

    @classmethod
    async def open(cls, server: FakeServer) -> Talk:
        return cls(*await asyncio.open_unix_connection(server.socket_path))

    async def hear(self, count: int) -> list[object]:
        heard: list[object] = []
        while len(heard) < count:
            data = await asyncio.wait_for(self.reader.read(65536), 5)
            assert data, "the server closed the connection"
            heard.extend(self.replies.feed(data))
        return heard

    async def close(self) -> None:
        self.writer.close()
        await self.writer.wait_closed()


async def test_it_answers_in_order_whatever_the_pieces() -> None:
    async with FakeServer(echo) as server:
        talk = await Talk.open(server)
        for byte in encode_request(["echo", 1]) + encode_request(["echo", 2]):
            talk.writer.write(bytes([byte]))
            await asyncio.sleep(0)
        assert await talk.hear(2) == [(0, [1]), (0, [2])]
        await talk.close()


async def test_an_exception_becomes_an_error_reply() -> None:
    async def refuse(command: list[object]) -> object:
        raise KeyError("nojail")

    async with FakeServer(refuse) as server, Fail2BanClient(server.socket_path) as client:
        assert await client.send(["status"]) == (1, RemoteObject("builtins", "KeyError", ("nojail",)))


@pytest.mark.parametrize("request_", [b"", b"nonsense", pickle.dumps("ping", 2), pickle.dumps(["ping"], 2)[:-1]])
async def test_what_it_cannot_read_gets_the_bare_text_and_the_connection_stays(request_: bytes) -> None:
    async with FakeServer(echo) as server:
        talk = await Talk.open(server)
        talk.writer.write(request_ + END_MARKER + encode_request(["echo", 1]))
        assert await talk.hear(2) == ["ERROR: pickle data was truncated", (0, [1])]
        await talk.close()


async def test_it_cuts_its_input_at_the_first_marker_as_the_daemon_does() -> None:
    inner = b"(lp0\nVstop\np1\na." + END_MARKER
    request = pickle.dumps(["echo", "x" + END_MARKER.decode() + "y"], 2) + END_MARKER
    async with FakeServer(echo) as server:
        talk = await Talk.open(server)
        talk.writer.write(request + inner)
        assert len(await talk.hear(3)) == 3
        await talk.close()


async def test_the_close_command_ends_the_connection() -> None:
    async with FakeServer(echo) as server:
        talk = await Talk.open(server)
        talk.writer.write(encode_request(["echo", 1]) + CLOSE_COMMAND + END_MARKER)
        assert await talk.hear(1) == [(0, [1])]
        assert await talk.reader.read() == b""
        await talk.close()


async def test_after_no_reply_nothing_more_comes_on_that_connection() -> None:
    def answer(command: list[object]) -> object:
        return NoReply() if command == ["stuck"] else "fine"

    async with FakeServer(answer) as server:
        stuck, other = await Talk.open(server), await Talk.open(server)
        stuck.writer.write(encode_request(["stuck"]) + encode_request(["echo"]))
        other.writer.write(encode_request(["echo"]))
        assert await other.hear(1) == [(0, "fine")]
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(stuck.reader.read(1), 0.05)
        assert server.open_connections == 2
        await stuck.close()
        await other.close()
        await asyncio.sleep(0.01)
        assert (server.open_connections, server.most_connections, server.connections) == (0, 2, 2)


async def test_a_raw_reply_is_sent_as_it_is() -> None:
    async with FakeServer(lambda command: RawReply(b"raw", then_close=True)) as server:
        talk = await Talk.open(server)
        talk.writer.write(encode_request(["x"]))
        assert await talk.reader.read() == b"raw"
        await talk.close()


async def test_large_requests_are_read() -> None:
    async with FakeServer(len) as server, Fail2BanClient(server.socket_path) as client:
        assert await client.send(["set", *(f"198.51.100.{n}" for n in range(50_000))]) == (0, 50_001)


async def test_it_answers_like_an_old_daemon_when_asked_to() -> None:
    async with FakeServer(echo, protocol=2) as server:
        talk = await Talk.open(server)
        talk.writer.write(encode_request(["echo", {"a"}]))
        assert await talk.reader.readuntil(END_MARKER) == encode_reply((0, [{"a"}]), 2)
        await talk.close()


async def test_it_can_stop_and_start_again_at_the_same_path(tmp_path: Path) -> None:
    server = FakeServer(echo, socket_path=tmp_path / "f2b.sock")
    client = Fail2BanClient(server.socket_path)
    for number in range(3):
        await server.start()
        assert await client.send(["echo", number]) == (0, [number])
        await server.stop()
        assert not (tmp_path / "f2b.sock").exists()
        with pytest.raises(Fail2BanConnectionError, match="No such file"):
            await client.send(["echo", number])
    assert [command[1] for command in server.commands] == [0, 1, 2]


async def test_its_folder_goes_with_it() -> None:
    async with FakeServer(echo) as server:
        folder = Path(server.socket_path).parent
        assert folder.is_dir()
    assert not folder.exists()


def test_it_has_no_path_before_it_has_started() -> None:
    with pytest.raises(RuntimeError, match="has not started"):
        assert FakeServer(echo).socket_path
