"""Connecting is believed only when somebody is at the other end; writing never blocks and counts what left."""

from __future__ import annotations

import asyncio
import errno
import os
import resource
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from aiofail2ban import Fail2BanConnectionError
from aiofail2ban._transport import UnixTransport, connect, connection_error


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "f2b.sock")


@pytest.fixture
def listener(path: str) -> Iterator[socket.socket]:
    """A socket that listens as the daemon's does, and accepts nobody."""
    with socket.socket(socket.AF_UNIX) as sock:
        sock.bind(path)
        sock.listen(1)
        yield sock


def fill_queue(path: str) -> list[socket.socket]:
    """Connect until the queue is full."""
    waiting = []
    while True:
        sock = socket.socket(socket.AF_UNIX)
        sock.setblocking(False)
        waiting.append(sock)
        if sock.connect_ex(path) == errno.EAGAIN:
            return waiting


# Connecting


def test_a_connected_socket_has_a_peer_and_does_not_block(path: str, listener: socket.socket) -> None:
    with connect(path) as sock:
        assert sock.getpeername() == path
        assert not sock.getblocking()


def test_a_full_queue_is_an_error_and_not_a_connection(path: str, listener: socket.socket) -> None:
    waiting = fill_queue(path)
    with pytest.raises(Fail2BanConnectionError) as caught:
        connect(path)
    assert caught.value.errno == errno.EAGAIN
    assert "queue of connections is full" in caught.value.hint
    for sock in waiting:
        sock.close()


def test_a_missing_socket_is_an_error_that_says_so(path: str) -> None:
    with pytest.raises(Fail2BanConnectionError) as caught:
        connect(path)
    assert str(caught.value) == f"cannot connect: No such file or directory (socket: {path})"
    assert caught.value.errno == errno.ENOENT
    assert "not running" in caught.value.hint


def test_a_socket_that_nobody_listens_on_is_an_error(path: str, listener: socket.socket) -> None:
    listener.close()
    with pytest.raises(Fail2BanConnectionError) as caught:
        connect(path)
    assert caught.value.errno == errno.ECONNREFUSED


def test_a_file_that_is_no_socket_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(Fail2BanConnectionError) as caught:
        connect(str(file))
    assert caught.value.errno in {errno.ECONNREFUSED, errno.ENOTSOCK}


@pytest.mark.parametrize("path", ["/" + "x" * 200, "/tmp/a\x00b", "/tmp/\ud800"])
def test_a_path_that_cannot_be_a_socket_is_an_error(path: str) -> None:
    with pytest.raises(Fail2BanConnectionError, match="not a possible socket path"):
        connect(path)


def test_no_descriptor_left_is_an_error_of_ours(path: str, listener: socket.socket) -> None:
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (os.dup(0) + 1, limits[1]))
    try:
        with pytest.raises(Fail2BanConnectionError) as caught:
            connect(path)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    assert caught.value.errno == errno.EMFILE


def test_an_error_number_gets_its_text_and_its_hint() -> None:
    error = connection_error("cannot connect", "/x", errno.EACCES)
    assert str(error) == "cannot connect: Permission denied (socket: /x)"
    assert "root" in error.hint
    assert connection_error("cannot connect", "/x", errno.EIO).hint == ""


# Reading and writing


class Ends:
    """A transport, the other end of its socket, and what the transport told."""

    def __init__(self) -> None:
        self.data = bytearray()
        self.losses: list[OSError | None] = []
        here, self.there = socket.socketpair(socket.AF_UNIX)
        here.setblocking(False)
        self.there.setblocking(False)
        self.transport = UnixTransport(here, asyncio.get_running_loop(), self.data.extend, self.losses.append)

    def close(self) -> None:
        self.transport.close()
        self.there.close()


async def turns(count: int = 3) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


async def test_what_arrives_is_handed_over() -> None:
    ends = Ends()
    ends.there.send(b"hello")
    await turns()
    assert ends.data == b"hello"
    ends.close()


async def test_what_the_kernel_does_not_take_at_once_leaves_later_and_in_order() -> None:
    ends = Ends()
    data = os.urandom(3_000_000)
    ends.transport.write(data)
    assert 0 < ends.transport.sent_bytes < len(data)
    ends.transport.write(b"end")
    received = bytearray()
    while len(received) < len(data) + 3:
        await turns(1)
        try:
            received += ends.there.recv(1_000_000)
        except BlockingIOError:
            continue
    assert received == data + b"end"
    assert ends.transport.sent_bytes == len(received)
    ends.close()


async def test_the_end_of_the_other_side_is_told_once() -> None:
    ends = Ends()
    ends.there.close()
    await turns(5)
    assert ends.losses == [None]
    assert ends.transport.is_closed
    ends.transport.write(b"x")
    await turns(5)
    assert ends.losses == [None]
    assert ends.transport.sent_bytes == 0


async def test_a_write_to_nobody_is_told_once_and_in_a_turn_of_its_own() -> None:
    ends = Ends()
    ends.there.close()
    ends.transport.write(b"x")
    ends.transport.write(b"y")
    assert ends.losses == []
    await turns(5)
    (loss,) = ends.losses
    assert isinstance(loss, BrokenPipeError)


async def test_after_closing_nothing_is_told() -> None:
    ends = Ends()
    ends.there.close()
    ends.transport.write(b"x")
    ends.transport.close()
    ends.transport.close()
    await turns(5)
    assert ends.losses == []


async def test_what_was_sent_before_a_reset_still_arrives() -> None:
    ends = Ends()
    ends.there.send(b"last words")
    ends.there.close()
    await turns(5)
    assert ends.data == b"last words"
    assert len(ends.losses) == 1


def test_a_transport_closes_also_when_its_loop_is_gone() -> None:
    async def make() -> Ends:
        return Ends()

    ends = asyncio.run(make())
    ends.close()
    assert ends.transport.is_closed
