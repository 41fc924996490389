"""The contract of `Fail2BanClient`, sentence by sentence."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import UserList, deque
from collections.abc import Callable
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest

from aiofail2ban import (
    Command,
    Fail2BanClient,
    Fail2BanCommandError,
    Fail2BanConnectionError,
    Fail2BanProtocolError,
    Fail2BanTimeoutError,
    RemoteObject,
)
from aiofail2ban.testing import FakeServer, NoReply, RawReply, encode_reply


def echo(command: list[object]) -> object:
    return command[1:]


def open_descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


# Making and closing one


def test_socket_path_and_timeout_are_attributes() -> None:
    client = Fail2BanClient("/run/fail2ban/fail2ban.sock")
    assert (client.socket_path, client.timeout) == ("/run/fail2ban/fail2ban.sock", 5.0)
    assert Fail2BanClient("/x", timeout=1.5).timeout == 1.5
    assert Fail2BanClient("/x", 2).timeout == 2
    assert Fail2BanClient(Path("/x")).socket_path == "/x"
    assert repr(client) == "Fail2BanClient('/run/fail2ban/fail2ban.sock', timeout=5.0)"


@pytest.mark.parametrize(
    "options",
    [
        {"timeout": 0},
        {"timeout": -1},
        {"timeout": float("nan")},
        {"max_in_flight": 0},
        {"connect_attempts": 0},
        {"connect_backoff": -0.1},
        {"max_reply_bytes": 0},
    ],
    ids=repr,
)
def test_limits_that_make_no_sense_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(options))):
        Fail2BanClient("/x", **options)


async def test_it_works_as_a_context_and_directly() -> None:
    async with FakeServer(echo) as server:
        async with Fail2BanClient(server.socket_path) as client:
            assert await client.send(["echo", 1]) == (0, [1])
        direct = Fail2BanClient(server.socket_path)
        assert await direct.send(["echo", 2]) == (0, [2])
        await direct.aclose()
        await asyncio.sleep(0.01)
        assert server.open_connections == 0


async def test_a_closed_client_connects_again_when_it_is_used_again() -> None:
    async with FakeServer(echo) as server:
        client = Fail2BanClient(server.socket_path)
        for number in range(3):
            assert await client.send(["echo", number]) == (0, [number])
            await client.aclose()
        assert server.connections == 3


async def test_closing_a_client_that_was_never_used_does_nothing() -> None:
    client = Fail2BanClient("/nowhere")
    await client.aclose()
    await client.aclose()


def test_it_works_in_one_event_loop_after_another(tmp_path: Path) -> None:
    async def ask_twice(client: Fail2BanClient) -> list[object]:
        async with FakeServer(echo, socket_path=tmp_path / "f2b.sock"):
            return [await client.send(["echo", 1]), await client.send(["echo", 2])]

    client = Fail2BanClient(tmp_path / "f2b.sock")
    for _ in range(3):
        assert asyncio.run(ask_twice(client)) == [(0, [1]), (0, [2])]


def test_a_loop_that_ended_with_commands_in_flight_does_not_disturb_the_next(tmp_path: Path) -> None:
    async def give_up(client: Fail2BanClient) -> None:
        silent = FakeServer(lambda command: NoReply(), socket_path=tmp_path / "f2b.sock")
        async with silent, asyncio.TaskGroup() as group:
            asked = [group.create_task(client.send(["echo", n])) for n in range(3)]
            await asyncio.sleep(0.01)
            for task in asked:
                task.cancel()

    async def ask(client: Fail2BanClient) -> object:
        async with FakeServer(echo, socket_path=tmp_path / "f2b.sock"):
            return await client.send(["echo", "own"])

    client = Fail2BanClient(tmp_path / "f2b.sock")
    asyncio.run(give_up(client))
    assert asyncio.run(ask(client)) == (0, ["own"])


async def test_it_refuses_a_second_loop_while_the_first_one_runs() -> None:
    async with FakeServer(echo) as server, Fail2BanClient(server.socket_path) as client:
        await client.send(["echo", 1])
        errors: list[Exception] = []

        def elsewhere() -> None:
            try:
                asyncio.run(client.send(["echo", 2]))
            except RuntimeError as error:
                errors.append(error)

        thread = threading.Thread(target=elsewhere)
        thread.start()
        while thread.is_alive():
            await asyncio.sleep(0.01)
        assert "one event loop at a time" in str(errors)
        assert await client.send(["echo", 3]) == (0, [3])


# Sending


@pytest.mark.parametrize(
    ("token", "arrives"),
    [
        ("a", "a"),
        (True, True),
        (5, 5),
        (1.5, 1.5),
        ([1, ["x"]], [1, ["x"]]),
        ({"a": 1}, {"a": 1}),
        ({"a"}, {"a"}),
        (IPv4Address("192.0.2.1"), "192.0.2.1"),
        (Path("/var/log/x"), "/var/log/x"),
        ((1, 2), "(1, 2)"),
        (None, "None"),
    ],
    ids=repr,
)
async def test_tokens_travel_as_they_are_or_as_text(token: object, arrives: object) -> None:
    async with FakeServer(echo) as server, Fail2BanClient(server.socket_path) as client:
        assert await client.send(["echo", token]) == (0, [arrives])


async def test_a_success_reply_is_returned_as_the_daemon_sent_it() -> None:
    async with (
        FakeServer(lambda command: [("Number of jail", 0)]) as server,
        Fail2BanClient(server.socket_path) as client,
    ):
        assert await client.send(["status"]) == (0, [("Number of jail", 0)])


async def test_an_error_reply_is_returned_and_not_raised() -> None:
    def refuse(command: list[object]) -> object:
        raise ValueError("not banned", 5)

    async with FakeServer(refuse) as server, Fail2BanClient(server.socket_path) as client:
        assert await client.send(["set"]) == (1, RemoteObject("builtins", "ValueError", ("not banned", 5)))


async def test_the_bare_text_of_a_daemon_that_could_not_read_is_returned() -> None:
    text = "ERROR: pickle data was truncated"
    server = FakeServer(lambda command: RawReply(encode_reply(text)))
    async with server, Fail2BanClient(server.socket_path) as client:
        assert await client.send(["x"]) == text


async def test_a_command_with_the_marker_is_refused_before_anything_is_written() -> None:
    async with FakeServer(echo) as server, Fail2BanClient(server.socket_path) as client:
        with pytest.raises(Fail2BanProtocolError, match="was not sent"):
            await client.send(["echo", "x<F2B_END_COMMAND>y"])
        assert server.connections == 0


async def test_any_kind_of_sequence_is_a_command_also_for_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "aiofail2ban")
    is_silent = False
    server = FakeServer(lambda command: NoReply() if is_silent else command[1:])
    async with server, Fail2BanClient(server.socket_path) as client:
        for command in (("echo", 1), deque(["echo", 1]), UserList(["echo", 1])):
            assert await client.send(command) == (0, [1])
        is_silent = True
        with pytest.raises(Fail2BanTimeoutError):
            await client.send(deque(["echo", 1]), timeout=0.05)
    assert [record.__dict__["command"] for record in caplog.records] == ["['echo', 1]"] * 8


async def test_the_log_shows_what_was_sent_whatever_becomes_of_the_callers_list(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG, "aiofail2ban")
    command = ["echo", "before"]
    async with FakeServer(echo) as server, Fail2BanClient(server.socket_path) as client:
        asked = asyncio.ensure_future(client.send(command))
        await asyncio.sleep(0)
        command[:] = ["echo", "after"]
        assert await asked == (0, ["before"])
    assert {record.__dict__["command"] for record in caplog.records} == {"['echo', 'before']"}


async def test_a_text_instead_of_a_command_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(TypeError, match="sequence of tokens"):
        await Fail2BanClient("/nowhere").send("ping")


async def test_send_takes_a_time_limit_of_its_own() -> None:
    async with FakeServer(lambda command: NoReply()) as server, Fail2BanClient(server.socket_path) as client:
        with pytest.raises(Fail2BanTimeoutError, match=r"limit 0\.05 s"):
            await client.send(["echo"], timeout=0.05)
        with pytest.raises(ValueError, match="timeout"):
            await client.send(["echo"], timeout=0)


async def test_a_typed_command_is_granted_its_extra_seconds() -> None:
    async def slow(command: list[object]) -> object:
        await asyncio.sleep(0.1)
        return "done"

    async with FakeServer(slow) as server, Fail2BanClient(server.socket_path, timeout=0.05) as client:
        assert await client.execute(Command(("slow",), str, extra_seconds=5)) == "done"
        with pytest.raises(Fail2BanTimeoutError):
            await client.execute(Command(("slow",), str))


async def test_what_the_daemon_can_do_is_asked_again_after_a_new_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Fail2BanClient] = []

    def forget(client: Fail2BanClient) -> None:
        asked.append(client)

    monkeypatch.setattr(Fail2BanClient, "forget_capabilities", forget)
    async with FakeServer(echo) as server:
        client = Fail2BanClient(server.socket_path)
        await client.send(["echo"])
        await client.send(["echo"])
        assert asked == [client]
        await client.aclose()
        await client.send(["echo"])
        assert asked == [client, client]
        await client.aclose()


async def test_of_several_commands_none_is_sent_when_one_must_not_be() -> None:
    async with FakeServer(echo) as server, Fail2BanClient(server.socket_path) as client:
        with pytest.raises(Fail2BanProtocolError, match="was not sent"):
            await client.execute_each([Command(("set", 1), str), Command(("set", "<F2B_END_COMMAND>"), str)])
        assert await client.send(["echo", 2]) == (0, [2])
        assert server.commands == [["echo", 2]]


async def test_of_several_commands_each_has_its_own_outcome() -> None:
    def answer(command: list[object]) -> object:
        if command[1] == 2:
            raise ValueError("not two")
        return command[1]

    async with FakeServer(answer) as server, Fail2BanClient(server.socket_path) as client:
        outcomes = await client.execute_each([Command(("get", number), str) for number in (1, 2, 3)])
        assert (outcomes[0], outcomes[2]) == ("1", "3")
        assert isinstance(outcomes[1], Fail2BanCommandError)


async def test_cancelling_several_commands_spoils_nothing() -> None:
    async with FakeServer(echo) as server, Fail2BanClient(server.socket_path) as client:
        asked = asyncio.ensure_future(client.execute_each([Command(("get", n), str) for n in range(3)]))
        await asyncio.sleep(0)
        asked.cancel()
        assert await client.send(["echo", "own"]) == (0, ["own"])


# Ping


async def test_ping_is_true_when_the_daemon_answers_pong() -> None:
    async with FakeServer(lambda command: "pong") as server, Fail2BanClient(server.socket_path) as client:
        assert await client.ping() is True
        assert server.commands == [["ping"]]


def refuse(command: list[object]) -> object:
    raise ValueError("no")


@pytest.mark.parametrize(
    "answer",
    [
        lambda command: "pang",
        lambda command: ["pong"],
        lambda command: None,
        refuse,
        lambda command: RawReply(encode_reply((1, "pong"))),
        lambda command: RawReply(encode_reply("ERROR: no")),
        lambda command: RawReply(encode_reply("pong")),
        lambda command: RawReply(b"nonsense"),
        lambda command: RawReply(b"<F2B_END_COMMAND>"),
        lambda command: RawReply(b"HTTP/1.1 200 OK\r\n\r\n"),
        lambda command: RawReply(b"", then_close=True),
        lambda command: RawReply(encode_reply((0, "pong"))[:-1], then_close=True),
        lambda command: RawReply(encode_reply((0, "pong"))[:-1]),
        lambda command: RawReply(b"cos\nsystem\n(S'id'\ntR."),
        lambda command: "x" * 10_000,
        lambda command: NoReply(),
    ],
)
async def test_ping_is_false_for_anything_else(answer: Callable[[list[object]], object]) -> None:
    async with FakeServer(answer) as server:
        client = Fail2BanClient(server.socket_path, timeout=0.1, max_reply_bytes=5000)
        assert await client.ping() is False
        await client.aclose()


async def test_ping_is_false_when_the_daemon_is_away(tmp_path: Path) -> None:
    assert await Fail2BanClient("/nowhere/f2b.sock").ping() is False
    assert await Fail2BanClient(tmp_path).ping() is False
    assert await Fail2BanClient("/" + "x" * 300).ping() is False
    assert await Fail2BanClient("").ping() is False


# Errors


async def test_a_connection_error_keeps_the_socket_path_and_names_it() -> None:
    with pytest.raises(Fail2BanConnectionError) as caught:
        await Fail2BanClient("/nowhere/f2b.sock").send(["ping"])
    assert caught.value.socket_path == "/nowhere/f2b.sock"
    assert str(caught.value) == "cannot connect: No such file or directory (socket: /nowhere/f2b.sock)"


async def test_a_reply_cut_in_the_middle_is_a_connection_error() -> None:
    cut = RawReply(encode_reply((0, "x" * 1000))[:500], then_close=True)
    async with FakeServer(lambda command: cut) as server, Fail2BanClient(server.socket_path) as client:
        with pytest.raises(Fail2BanConnectionError, match="closed the connection before it answered"):
            await client.send(["set"])


async def test_a_reply_that_cannot_be_decoded_is_a_protocol_error() -> None:
    async with (
        FakeServer(lambda command: RawReply(b"nonsense")) as server,
        Fail2BanClient(server.socket_path) as client,
    ):
        with pytest.raises(Fail2BanProtocolError, match="cannot be decoded"):
            await client.send(["set"])


async def test_a_reply_larger_than_allowed_is_a_protocol_error() -> None:
    server = FakeServer(lambda command: "x" * 5000)
    async with server, Fail2BanClient(server.socket_path, max_reply_bytes=1000) as client:
        with pytest.raises(Fail2BanProtocolError):
            await client.send(["set"])


async def test_cancelling_a_call_cancels_nothing_else() -> None:
    async with FakeServer(echo) as server, Fail2BanClient(server.socket_path) as client:
        asked = [asyncio.ensure_future(client.send(["echo", n])) for n in range(10)]
        asked[4].cancel()
        results = await asyncio.gather(*asked, return_exceptions=True)
        assert isinstance(results.pop(4), asyncio.CancelledError)
        assert results == [(0, [n]) for n in range(10) if n != 4]
