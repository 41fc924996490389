"""Connecting: which failures are tried again, how often, and after exactly which pauses."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from aiofail2ban import Fail2BanClient, Fail2BanConnectionError, Fail2BanTimeoutError
from aiofail2ban._connecting import KNOCKING_SECONDS, Connector
from aiofail2ban._transport import connection_error
from aiofail2ban.testing import FakeServer, encode_reply

LONGEST_KNOCK = 0.02


def echo(command: list[object]) -> object:
    return command[1:]


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "f2b.sock")


@pytest.fixture
def dead_socket(path: str) -> str:
    """A socket file that a killed daemon left behind."""
    with socket.socket(socket.AF_UNIX) as sock:
        sock.bind(path)
    return path


@pytest.fixture
def busy_daemon(path: str) -> Iterator[socket.socket]:
    """A socket that listens as the daemon's does, with its queue full; whoever is in there closes at the end."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen(1)
        queue = [socket.socket(socket.AF_UNIX) for _ in range(3)]
        for sock in queue:
            sock.setblocking(False)
            sock.connect_ex(path)
        yield listener
        for sock in queue:
            sock.close()


class Pauses:
    """The event loop's pauses: noted, and over at once, or when the test says so."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.seconds: list[float] = []
        self.are_held = False
        self._loop = loop
        self._held: deque[tuple[Callable[..., object], tuple[object, ...]]] = deque()

    def call_later(self, delay: float, callback: Callable[..., object], *args: object) -> asyncio.TimerHandle:
        self.seconds.append(delay)
        if self.are_held:
            self._held.append((callback, args))
            return self._loop.call_at(self._loop.time() + 1000, callback, *args)
        return self._loop.call_at(self._loop.time(), callback, *args)

    async def end_one(self) -> None:
        callback, args = self._held.popleft()
        callback(*args)
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    def between_attempts(self) -> list[float]:
        return [pause for pause in self.seconds if pause > LONGEST_KNOCK]

    def inside_attempts(self) -> list[list[float]]:
        """The pauses between knocks, a list for each attempt."""
        attempts: list[list[float]] = [[]]
        for pause in self.seconds:
            if pause > LONGEST_KNOCK:
                attempts.append([])
            else:
                attempts[-1].append(pause)
        return attempts


@pytest.fixture
async def pauses(monkeypatch: pytest.MonkeyPatch) -> Pauses:
    loop = asyncio.get_running_loop()
    pauses = Pauses(loop)
    monkeypatch.setattr(loop, "call_later", pauses.call_later)
    return pauses


def retries(caplog: pytest.LogCaptureFixture) -> list[tuple[object, ...]]:
    return [
        (record.levelname, *(record.__dict__[name] for name in ("attempt", "socket_errno", "socket_path")))
        for record in caplog.records
        if record.msg == "fail2ban_socket_retry"
    ]


# What is tried again


async def test_a_refused_connection_is_tried_three_times_after_0_15_and_0_30_seconds(
    dead_socket: str, pauses: Pauses, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(Fail2BanConnectionError) as caught:
        await Fail2BanClient(dead_socket).send(["ping"])
    assert caught.value.errno == errno.ECONNREFUSED
    assert pauses.seconds == [0.15, 0.30]
    assert retries(caplog) == [("WARNING", attempt, errno.ECONNREFUSED, dead_socket) for attempt in (1, 2)]
    assert [record.msg for record in caplog.records][2:] == ["fail2ban_connection_error"]


async def test_a_full_queue_is_tried_three_times_after_0_15_and_0_30_seconds_and_each_time_for_a_moment(
    busy_daemon: socket.socket, path: str, pauses: Pauses, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(Fail2BanConnectionError) as caught:
        await Fail2BanClient(path).send(["ping"])
    assert caught.value.errno == errno.EAGAIN
    assert not isinstance(caught.value, Fail2BanTimeoutError)
    assert pauses.between_attempts() == [0.15, 0.30]
    assert retries(caplog) == [("WARNING", attempt, errno.EAGAIN, path) for attempt in (1, 2)]
    assert len(pauses.inside_attempts()) == 3
    for knocks in pauses.inside_attempts():
        assert sum(knocks) == pytest.approx(KNOCKING_SECONDS)
        assert 0 < min(knocks) <= max(knocks) <= LONGEST_KNOCK
        assert len(knocks) < 20


async def test_a_full_queue_is_reported_when_all_pauses_are_over_and_not_much_later(
    busy_daemon: socket.socket, path: str
) -> None:
    loop = asyncio.get_running_loop()
    start = loop.time()
    with pytest.raises(Fail2BanConnectionError):
        await Fail2BanClient(path, timeout=60).send(["ping"])
    # Three attempts and the two pauses between them. The upper bound leaves room for a machine that does other work.
    assert 0.74 < loop.time() - start < 15


@pytest.mark.parametrize("code", [errno.ENOBUFS, errno.ECONNREFUSED])
async def test_what_may_pass_by_itself_is_tried_again_without_knocking(
    code: int, path: str, pauses: Pauses, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    # A kernel without buffers cannot be had for a test.
    def connect(socket_path: str) -> socket.socket:
        raise connection_error("cannot connect", socket_path, code)

    monkeypatch.setattr("aiofail2ban._connecting.connect", connect)
    with pytest.raises(Fail2BanConnectionError) as caught:
        await Fail2BanClient(path).send(["ping"])
    assert caught.value.errno == code
    assert pauses.seconds == [0.15, 0.30]
    assert retries(caplog) == [("WARNING", attempt, code, path) for attempt in (1, 2)]


@pytest.mark.parametrize("code", [errno.ENOENT, errno.EACCES, errno.EMFILE, errno.ENOTSOCK, errno.EPROTOTYPE])
async def test_what_does_not_pass_by_itself_fails_at_once(
    code: int, path: str, pauses: Pauses, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    attempts: list[str] = []

    def connect(socket_path: str) -> socket.socket:
        attempts.append(socket_path)
        raise connection_error("cannot connect", socket_path, code)

    monkeypatch.setattr("aiofail2ban._connecting.connect", connect)
    with pytest.raises(Fail2BanConnectionError, match=os.strerror(code)):
        await Fail2BanClient(path).send(["ping"])
    assert (attempts, pauses.seconds) == ([path], [])
    assert [record.msg for record in caplog.records] == ["fail2ban_connection_error"]


async def test_a_missing_socket_fails_at_once_and_is_not_tried_again(
    path: str, pauses: Pauses, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(Fail2BanConnectionError, match="No such file"):
        await Fail2BanClient(path).send(["ping"])
    assert pauses.seconds == []
    assert [record.msg for record in caplog.records] == ["fail2ban_connection_error"]


async def test_attempts_and_back_off_can_be_chosen(dead_socket: str, pauses: Pauses) -> None:
    for attempts, backoff, expected in (
        (4, 0.01, [0.01, 0.02, 0.04]),
        (2, 3, [3]),
        (1, 3, []),
        (5, 0, [0, 0, 0, 0]),
    ):
        pauses.seconds.clear()
        client = Fail2BanClient(dead_socket, connect_attempts=attempts, connect_backoff=backoff)
        with pytest.raises(Fail2BanConnectionError):
            await client.send(["ping"])
        assert pauses.seconds == expected


async def test_thousands_of_attempts_without_a_pause_come_to_their_end(
    dead_socket: str, caplog: pytest.LogCaptureFixture
) -> None:
    client = Fail2BanClient(dead_socket, timeout=60, connect_attempts=1500, connect_backoff=0)
    assert not await client.ping()
    assert retries(caplog)[-1][1] == 1499


# A queue with room again


async def test_a_full_queue_is_tried_again_until_there_is_room(busy_daemon: socket.socket, path: str) -> None:
    client = Fail2BanClient(path, connect_backoff=0.05)
    asked = asyncio.ensure_future(client.send(["ping"]))
    await asyncio.sleep(0.02)
    for _ in range(2):
        busy_daemon.accept()[0].close()
    busy_daemon.setblocking(False)
    ours, _ = await asyncio.get_running_loop().sock_accept(busy_daemon)
    assert b"ping" in await asyncio.get_running_loop().sock_recv(ours, 1000)
    ours.send(encode_reply((0, "pong")))
    assert await asked == (0, "pong")
    ours.close()
    await client.aclose()


async def test_a_queue_that_is_full_for_a_moment_costs_no_attempt(
    busy_daemon: socket.socket, path: str, pauses: Pauses, caplog: pytest.LogCaptureFixture
) -> None:
    pauses.are_held = True
    client = Fail2BanClient(path)
    asked = asyncio.ensure_future(client.send(["ping"]))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    for _ in range(2):
        busy_daemon.accept()[0].close()
    await pauses.end_one()
    ours, _ = busy_daemon.accept()
    ours.send(encode_reply((0, "pong")))
    assert await asked == (0, "pong")
    assert pauses.between_attempts() == []
    assert caplog.records == []
    ours.close()
    await client.aclose()


async def test_clients_that_were_turned_away_together_do_not_come_back_together(
    busy_daemon: socket.socket, path: str, pauses: Pauses
) -> None:
    assert not any(await asyncio.gather(*(Fail2BanClient(path).ping() for _ in range(24))))
    knocks = [pause for attempt in pauses.inside_attempts() for pause in attempt]
    assert len(set(knocks)) > 100


# Who waits


async def test_everybody_who_waits_for_the_connection_hears_why_there_is_none(dead_socket: str) -> None:
    client = Fail2BanClient(dead_socket, connect_backoff=0.01)
    errors = await asyncio.gather(*(client.send(["ping"]) for _ in range(5)), return_exceptions=True)
    assert len({id(error) for error in errors}) == 5
    assert {str(error) for error in errors} == {f"cannot connect: Connection refused (socket: {dead_socket})"}
    assert {type(error) for error in errors} == {Fail2BanConnectionError}


async def test_a_caller_who_comes_late_has_three_attempts_too(dead_socket: str, pauses: Pauses) -> None:
    pauses.are_held = True
    client = Fail2BanClient(dead_socket)
    first = asyncio.ensure_future(client.ping())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    second = asyncio.ensure_future(client.ping())
    await asyncio.sleep(0)
    await pauses.end_one()
    assert (first.done(), second.done()) == (False, False)
    await pauses.end_one()
    assert (first.done(), second.done()) == (True, False)
    await pauses.end_one()
    assert (await first, await second) == (False, False)
    assert pauses.seconds == [0.15, 0.30, 0.30]


async def test_a_caller_does_not_wait_for_a_pause_of_callers_who_have_given_up(dead_socket: str) -> None:
    client = Fail2BanClient(dead_socket, connect_backoff=1000)
    with pytest.raises(Fail2BanTimeoutError):
        await client.send(["echo", 1], timeout=0.02)
    asked = asyncio.ensure_future(client.send(["echo", 2]))
    await asyncio.sleep(0.01)
    asked.cancel()
    async with FakeServer(echo, socket_path=Path(dead_socket)):
        assert await client.send(["echo", 3]) == (0, [3])
        await client.aclose()


async def test_a_new_connection_after_a_loss_has_three_attempts_again(path: str, pauses: Pauses) -> None:
    client = Fail2BanClient(path)
    async with FakeServer(echo, socket_path=Path(path)):
        await client.send(["echo", 1])
    for _ in range(2):
        pauses.seconds.clear()
        with socket.socket(socket.AF_UNIX) as sock:
            sock.bind(path)
        assert not await client.ping()
        assert pauses.seconds == [0.15, 0.30]
        Path(path).unlink()


@pytest.mark.parametrize("backoff", [0.15, 30])
async def test_the_deadline_counts_from_the_call_also_while_connecting(dead_socket: str, backoff: float) -> None:
    loop = asyncio.get_running_loop()
    start = loop.time()
    with pytest.raises(Fail2BanTimeoutError, match=r"did not answer in time \(limit 0.1 s\)"):
        await Fail2BanClient(dead_socket, timeout=0.1, connect_backoff=backoff).send(["ping"])
    assert 0.09 < loop.time() - start < 2


async def test_the_deadline_counts_from_the_call_also_at_a_full_queue(busy_daemon: socket.socket, path: str) -> None:
    with pytest.raises(Fail2BanTimeoutError, match=r"did not answer in time \(limit 0.05 s\)"):
        await Fail2BanClient(path, timeout=0.05).send(["ping"])


async def test_nobody_connects_for_callers_who_have_given_up(path: str) -> None:
    client = Fail2BanClient(path)
    asked = asyncio.ensure_future(client.send(["ping"]))
    await asyncio.sleep(0)
    asked.cancel()
    async with FakeServer(echo, socket_path=Path(path)) as server:
        await asyncio.sleep(0.01)
        assert server.connections == 0
    await client.aclose()


async def test_an_event_loop_that_cannot_watch_the_socket_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def add_reader(*args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    async with FakeServer(echo) as server:
        monkeypatch.setattr(asyncio.get_running_loop(), "add_reader", add_reader)
        with pytest.raises(Fail2BanConnectionError, match="cannot watch the connection: No space left"):
            await Fail2BanClient(server.socket_path).send(["ping"])


# The connector by itself


class Caller:
    """Whoever wants a connection, and what became of it."""

    def __init__(self, path: str) -> None:
        self.is_wanted = True
        self.sockets: list[socket.socket] = []
        self.errors: list[Fail2BanConnectionError] = []
        self.connector = Connector(
            path, asyncio.get_running_loop(), lambda: self.is_wanted, self.sockets.append, self.errors.append
        )


async def test_an_attempt_that_succeeds_hands_over_a_connected_socket_at_once(path: str) -> None:
    async with FakeServer(echo, socket_path=Path(path)):
        caller = Caller(path)
        caller.connector.attempt()
        (sock,) = caller.sockets
        assert sock.getpeername() == path
        assert not caller.connector.is_pausing
        sock.close()


async def test_an_attempt_that_is_stopped_or_not_wanted_tells_nothing(
    busy_daemon: socket.socket, path: str, pauses: Pauses
) -> None:
    pauses.are_held = True
    caller = Caller(path)
    is_pausing = []
    caller.connector.attempt()
    is_pausing.append(caller.connector.is_pausing)
    caller.connector.stop()
    is_pausing.append(caller.connector.is_pausing)
    caller.connector.attempt_after(5)
    is_pausing.append(caller.connector.is_pausing)
    caller.is_wanted = False
    await pauses.end_one()
    await pauses.end_one()
    is_pausing.append(caller.connector.is_pausing)
    assert is_pausing == [True, False, True, False]
    assert (caller.sockets, caller.errors) == ([], [])
