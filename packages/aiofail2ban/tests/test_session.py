"""One shared connection: its window, its deadlines, its loss, and the one after it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from aiofail2ban import (
    Fail2BanClient,
    Fail2BanConnectionError,
    Fail2BanProtocolError,
    Fail2BanResponse,
    Fail2BanTimeoutError,
)
from aiofail2ban.testing import FakeServer, NoReply, RawReply, encode_reply


def echo(command: list[object]) -> object:
    return command[1:]


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "f2b.sock")


@pytest.fixture
def warnings(caplog: pytest.LogCaptureFixture) -> Callable[[], list[logging.LogRecord]]:
    caplog.set_level(logging.DEBUG, "aiofail2ban")
    return lambda: [record for record in caplog.records if record.name == "aiofail2ban"]


async def outcome(reply: Awaitable[Fail2BanResponse]) -> object:
    try:
        return await reply
    except (Fail2BanConnectionError, Fail2BanProtocolError) as error:
        return type(error)


class Gate:
    """An answer that waits until it is let go."""

    def __init__(self) -> None:
        self.opened = asyncio.Event()
        self.waiting = 0

    async def __call__(self, command: list[object]) -> object:
        self.waiting += 1
        await self.opened.wait()
        return command[1:]


# Sharing


async def test_all_callers_share_one_connection_and_get_their_own_replies() -> None:
    async with FakeServer(echo) as server, Fail2BanClient(server.socket_path) as client:
        replies = await asyncio.gather(*(client.send(["echo", number]) for number in range(500)))
        assert replies == [(0, [number]) for number in range(500)]
        assert server.commands == [["echo", number] for number in range(500)]
        assert server.connections == 1


async def test_no_more_commands_are_in_flight_than_the_window_allows(path: str) -> None:
    gate = Gate()
    received = 0
    async with FakeServer(gate, socket_path=Path(path)):
        client = Fail2BanClient(path, max_in_flight=7)
        asked = [asyncio.ensure_future(client.send(["echo", number])) for number in range(50)]
        await asyncio.sleep(0.05)
        # The daemon has read what was written; nothing else stands behind it.
        session = client._session
        assert session is not None
        assert session._pipeline is not None
        received = len(session._pipeline.in_flight)
        gate.opened.set()
        assert await asyncio.gather(*asked) == [(0, [number]) for number in range(50)]
        await client.aclose()
    assert received == 7


async def test_a_command_that_waits_for_a_place_says_so_once(
    warnings: Callable[[], list[logging.LogRecord]],
) -> None:
    gate = Gate()
    async with FakeServer(gate) as server, Fail2BanClient(server.socket_path, max_in_flight=2) as client:
        asked = [asyncio.ensure_future(client.send(["echo", number])) for number in range(5)]
        await asyncio.sleep(0.02)
        asked.append(asyncio.ensure_future(client.send(["echo", 5])))
        gate.opened.set()
        await asyncio.gather(*asked)
    waiting = [record for record in warnings() if record.msg == "fail2ban_command_waiting"]
    assert [record.__dict__["command"] for record in waiting] == [f"['echo', {number}]" for number in range(2, 6)]
    assert {(record.__dict__["limit"], record.levelname) for record in waiting} == {(2, "DEBUG")}


async def test_the_deadline_counts_from_the_call_also_for_a_command_that_waits_for_a_place() -> None:
    loop = asyncio.get_running_loop()
    async with (
        FakeServer(lambda command: NoReply()) as server,
        Fail2BanClient(server.socket_path, timeout=0.2, max_in_flight=1) as client,
    ):
        start = loop.time()
        results = await asyncio.gather(*(outcome(client.send(["echo", number])) for number in range(5)))
        assert results == [Fail2BanTimeoutError] * 5
        assert loop.time() - start < 0.6
        assert [command[1] for command in server.commands if command[1] != 0] == []


async def test_a_command_whose_caller_gave_up_while_it_waited_is_not_sent() -> None:
    gate = Gate()
    async with FakeServer(gate) as server, Fail2BanClient(server.socket_path, max_in_flight=1) as client:
        first, second, third = (asyncio.ensure_future(client.send(["echo", number])) for number in range(3))
        await asyncio.sleep(0.01)
        second.cancel()
        gate.opened.set()
        assert await asyncio.gather(*[first, third]) == [(0, [0]), (0, [2])]
        assert server.commands == [["echo", 0], ["echo", 2]]


async def test_a_caller_who_gave_up_does_not_shift_the_replies_of_others() -> None:
    gate = Gate()
    async with FakeServer(gate) as server, Fail2BanClient(server.socket_path) as client:
        asked = [asyncio.ensure_future(client.send(["echo", number])) for number in range(20)]
        await asyncio.sleep(0.01)
        for task in asked[::3]:
            task.cancel()
        gate.opened.set()
        results = await asyncio.gather(*asked, return_exceptions=True)
        for number, result in enumerate(results):
            assert isinstance(result, asyncio.CancelledError) if number % 3 == 0 else result == (0, [number])
        assert await client.send(["echo", "after"]) == (0, ["after"])
        assert server.connections == 1


# Silence


async def test_after_a_connection_that_never_answers_the_next_call_works() -> None:
    silent = True
    async with FakeServer(lambda command: NoReply() if silent else command[1:]) as server:
        client = Fail2BanClient(server.socket_path, timeout=0.1)
        with pytest.raises(Fail2BanTimeoutError) as caught:
            await client.send(["echo", 1])
        assert str(caught.value) == (f"the daemon did not answer in time (limit 0.1 s) (socket: {server.socket_path})")
        silent = False
        assert await client.send(["echo", 2]) == (0, [2])
        await client.aclose()
    assert server.most_connections <= 2


async def test_a_time_limit_says_when_the_command_may_still_take_effect() -> None:
    async with FakeServer(lambda command: NoReply()) as server, Fail2BanClient(server.socket_path, 0.05) as client:
        with pytest.raises(Fail2BanTimeoutError, match="did not answer in time and may still carry it out"):
            await client.send(["set", "sshd", "banip", "192.0.2.1"])


async def test_callers_who_gave_up_on_a_silent_connection_do_not_spoil_it_for_the_next() -> None:
    silent = True
    async with FakeServer(lambda command: NoReply() if silent else command[1:]) as server:
        client = Fail2BanClient(server.socket_path, timeout=0.15)
        for _ in range(3):
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(client.send(["echo", 0]), 0.01)
        await asyncio.sleep(0.2)
        silent = False
        assert await client.send(["echo", 1]) == (0, [1])
        await client.aclose()
    assert server.most_connections <= 2


async def test_a_slow_reply_still_reaches_the_caller_who_has_time_for_it() -> None:
    async def slow_first(command: list[object]) -> object:
        if command[1] == "slow":
            await asyncio.sleep(0.25)
        return command[1:]

    async with FakeServer(slow_first) as server, Fail2BanClient(server.socket_path) as client:
        # The first gives up and the connection is replaced; the second is patient, on the old connection.
        hasty = asyncio.ensure_future(outcome(client.send(["echo", "slow"], timeout=0.1)))
        patient = asyncio.ensure_future(client.send(["echo", "patient"], timeout=5))
        assert await hasty is Fail2BanTimeoutError
        assert await client.send(["echo", "new"]) == (0, ["new"])
        assert not patient.done()
        assert await patient == (0, ["patient"])
        await asyncio.sleep(0.02)
        assert (server.connections, server.most_connections, server.open_connections) == (2, 2, 1)


async def test_a_quick_caller_behind_a_slow_command_does_not_cost_the_connection() -> None:
    gate = Gate()
    async with FakeServer(gate) as server, Fail2BanClient(server.socket_path) as client:
        slow = asyncio.ensure_future(client.send(["echo", "slow"], timeout=5))
        quick = [outcome(client.send(["echo", "quick"], timeout=0.05)) for _ in range(3)]
        assert await asyncio.gather(*quick) == [Fail2BanTimeoutError] * 3
        gate.opened.set()
        assert await slow == (0, ["slow"])
        assert await client.send(["echo", "after"]) == (0, ["after"])
        assert server.connections == 1


async def test_there_are_never_more_than_two_connections_however_often_it_falls_silent() -> None:
    async with FakeServer(lambda command: NoReply()) as server:
        client = Fail2BanClient(server.socket_path, timeout=5)
        patient = [asyncio.ensure_future(outcome(client.send(["echo", 0], timeout=2))) for _ in range(3)]
        for number in range(8):
            patient.append(asyncio.ensure_future(outcome(client.send(["echo", number], timeout=2))))
            assert await outcome(client.send(["set", number], timeout=0.05)) is Fail2BanTimeoutError
        assert server.connections >= 1
        assert server.most_connections <= 2
        await client.aclose()
        assert set(await asyncio.gather(*patient)) == {Fail2BanConnectionError}


async def test_the_window_counts_what_is_awaited_on_the_old_connection_too() -> None:
    async with FakeServer(lambda command: NoReply()) as server:
        client = Fail2BanClient(server.socket_path, max_in_flight=3)
        hasty = asyncio.ensure_future(outcome(client.send(["set", "hasty"], timeout=0.05)))
        patient = [asyncio.ensure_future(outcome(client.send(["set", n], timeout=0.4))) for n in range(2)]
        assert await hasty is Fail2BanTimeoutError
        more = [asyncio.ensure_future(outcome(client.send(["set", n], timeout=0.3))) for n in range(5)]
        await asyncio.sleep(0.05)
        session = client._session
        assert session is not None
        assert session._pipeline is not None
        assert len(session._pipeline.in_flight) == 1
        assert set(await asyncio.gather(*patient, *more)) == {Fail2BanTimeoutError}
        await client.aclose()


async def test_a_silent_connection_is_closed_once_nobody_waits_on_it() -> None:
    silent = True
    async with FakeServer(lambda command: NoReply() if silent else command[1:]) as server:
        client = Fail2BanClient(server.socket_path)
        hasty = outcome(client.send(["echo", 1], timeout=0.05))
        patient = outcome(client.send(["echo", 2], timeout=0.15))
        both = asyncio.gather(*[hasty, patient])
        await asyncio.sleep(0.1)
        silent = False
        assert await client.send(["echo", 3]) == (0, [3])
        assert await both == [Fail2BanTimeoutError, Fail2BanTimeoutError]
        await asyncio.sleep(0.05)
        assert (server.connections, server.open_connections) == (2, 1)
        await client.aclose()


# Loss


def cut_once(then: Callable[[list[object]], object]) -> Callable[[list[object]], object]:
    """Close the connection instead of answering the first command."""
    is_first = True

    def answer(command: list[object]) -> object:
        nonlocal is_first
        if is_first:
            is_first = False
            return RawReply(encode_reply((0, "lost"))[:10], then_close=True)
        return then(command)

    return answer


async def test_a_command_that_merely_reads_is_sent_again_after_a_loss() -> None:
    async with FakeServer(cut_once(echo)) as server, Fail2BanClient(server.socket_path) as client:
        assert await client.send(["status", "sshd"]) == (0, ["sshd"])
        assert server.commands == [["status", "sshd"]] * 2


@pytest.mark.parametrize("command", [["set", "sshd", "banip", "192.0.2.1"], ["unban", "x"], ["stop"], [], [["x"]]])
async def test_a_command_that_may_have_reached_the_daemon_is_not_sent_twice(command: list[object]) -> None:
    async with FakeServer(cut_once(echo)) as server, Fail2BanClient(server.socket_path) as client:
        with pytest.raises(Fail2BanConnectionError, match="before it answered; it may have carried out the command"):
            await client.send(command)
        assert server.commands == [command]


async def test_a_loss_gives_everyone_their_own_reply_or_an_error() -> None:
    async with FakeServer(cut_once(echo)) as server, Fail2BanClient(server.socket_path) as client:
        words = ["get", "set"] * 10
        results = await asyncio.gather(*(outcome(client.send([word, n])) for n, word in enumerate(words)))
        assert results == [(0, [n]) if word == "get" else Fail2BanConnectionError for n, word in enumerate(words)]
        sets = [command for command in server.commands if command[0] == "set"]
        assert len(sets) == len({str(command) for command in sets})


async def test_a_reading_command_is_sent_again_only_once() -> None:
    async with FakeServer(lambda command: RawReply(b"", then_close=True)) as server:
        client = Fail2BanClient(server.socket_path)
        with pytest.raises(Fail2BanConnectionError, match="before it answered"):
            await client.send(["status"])
        assert server.commands == [["status"]] * 2
        await client.aclose()


async def test_a_changing_command_that_never_left_is_sent_on_the_next_connection(path: str) -> None:
    client = Fail2BanClient(path)
    async with FakeServer(echo, socket_path=Path(path)):
        assert await client.send(["echo", 1]) == (0, [1])
    async with FakeServer(echo, socket_path=Path(path)) as server:
        # The old connection is dead, and the client may or may not have heard of it.
        assert await client.send(["set", "x"]) == (0, ["x"])
        assert server.commands == [["set", "x"]]
        await client.aclose()


async def test_commands_sent_between_a_loss_and_its_news_get_their_replies(path: str) -> None:
    client = Fail2BanClient(path)
    server = FakeServer(echo, socket_path=Path(path))
    await server.start()
    await client.send(["echo", 0])
    session = client._session
    assert session is not None
    assert session._pipeline is not None
    # The daemon's end closes, and both writes below happen before the loop has told anybody.
    transport = session._pipeline._transport
    transport._loop.remove_reader(transport._sock)
    await server.stop()
    await server.start()
    first = asyncio.ensure_future(client.send(["set", 1]))
    second = asyncio.ensure_future(client.send(["set", 2]))
    assert await asyncio.gather(*[first, second]) == [(0, [1]), (0, [2])]
    assert server.commands == [["echo", 0], ["set", 1], ["set", 2]]
    await client.aclose()
    await server.stop()


async def test_nonsense_goes_to_the_one_who_asked_and_others_are_served() -> None:
    is_spoilt = False

    def answer(command: list[object]) -> object:
        nonlocal is_spoilt
        if command[1] == 3 and not is_spoilt:
            is_spoilt = True
            return RawReply(b"nonsense")
        return command[1:]

    async with FakeServer(answer) as server, Fail2BanClient(server.socket_path) as client:
        results = await asyncio.gather(*(outcome(client.send(["get", n])) for n in range(8)))
        assert results == [Fail2BanProtocolError if n == 3 else (0, [n]) for n in range(8)]
        assert server.connections == 2


async def test_those_behind_a_reply_that_makes_no_sense_hear_that_the_connection_was_given_up() -> None:
    async with (
        FakeServer(lambda command: RawReply(b"nonsense")) as server,
        Fail2BanClient(server.socket_path) as client,
    ):
        first, second = await asyncio.gather(client.send(["set", 1]), client.send(["set", 2]), return_exceptions=True)
        assert isinstance(first, Fail2BanProtocolError)
        assert str(second) == (
            "the connection was given up after a reply that makes no sense, before the daemon answered;"
            f" it may have carried out the command (socket: {server.socket_path})"
        )


async def test_those_on_a_connection_that_fell_silent_hear_so_when_the_next_one_does_too() -> None:
    async with FakeServer(lambda command: NoReply()) as server, Fail2BanClient(server.socket_path) as client:
        hasty = asyncio.ensure_future(outcome(client.send(["set", 1], timeout=0.02)))
        patient = asyncio.ensure_future(client.send(["set", 2], timeout=60))
        assert await hasty is Fail2BanTimeoutError
        later = [outcome(client.send(["set", number], timeout=0.02 * number)) for number in (3, 4)]
        assert await asyncio.gather(*later) == [Fail2BanTimeoutError] * 2
        with pytest.raises(Fail2BanConnectionError, match="fell silent on it; it may have carried out the command"):
            await patient


async def test_closing_fails_those_who_wait_and_the_next_command_connects_again() -> None:
    gate = Gate()
    async with FakeServer(gate) as server:
        client = Fail2BanClient(server.socket_path, max_in_flight=2)
        asked = [asyncio.ensure_future(client.send(["echo", n])) for n in range(4)]
        await asyncio.sleep(0.01)
        await client.aclose()
        errors = await asyncio.gather(*asked, return_exceptions=True)
        assert {str(error) for error in errors} == {f"the client was closed (socket: {server.socket_path})"}
        gate.opened.set()
        assert await client.send(["echo", 9]) == (0, [9])
        await client.aclose()
        await client.aclose()
        await asyncio.sleep(0.01)
        assert server.open_connections == 0
