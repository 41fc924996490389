"""What the client writes to a log is short, structured, and holds nobody's password."""

from __future__ import annotations

import asyncio
import errno
import io
import json
import logging
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from aiofail2ban import Fail2BanClient, Fail2BanConnectionError, Fail2BanProtocolError, RemoteObject
from aiofail2ban._log import MAX_VALUE_CHARACTERS, shorten, shorten_command, shorten_response
from aiofail2ban.testing import FakeServer, RawReply

SECRET = "hunter2"


def echo(command: list[object]) -> object:
    return command[1:]


@pytest.fixture
def rendered() -> Iterator[io.StringIO]:
    """The client's log events, as structlog renders them: one JSON object a line."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_log_level, structlog.stdlib.ExtraAdder()],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    logger = logging.getLogger("aiofail2ban")
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    yield stream
    logger.removeHandler(handler)
    logger.setLevel(logging.NOTSET)


def events(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


async def test_a_command_and_its_reply_are_debug_events(rendered: io.StringIO) -> None:
    async with FakeServer(lambda command: "pong") as server, Fail2BanClient(server.socket_path) as client:
        await client.send(["ping"])
    assert events(rendered) == [
        {"event": "fail2ban_sending_command", "level": "debug", "command": "['ping']"},
        {
            "event": "fail2ban_received_response",
            "level": "debug",
            "command": "['ping']",
            "response": "(0, 'pong')",
        },
    ]


async def test_a_missing_socket_is_a_warning(rendered: io.StringIO) -> None:
    with pytest.raises(Fail2BanConnectionError) as caught:
        await Fail2BanClient("/nowhere/f2b.sock").send(["ping"])
    assert events(rendered) == [
        {
            "event": "fail2ban_connection_error",
            "level": "warning",
            "error": str(caught.value),
            "socket_path": "/nowhere/f2b.sock",
        }
    ]


async def test_a_connection_that_is_tried_again_is_a_warning(rendered: io.StringIO, tmp_path: Path) -> None:
    path = str(tmp_path / "f2b.sock")
    with socket.socket(socket.AF_UNIX) as sock:
        sock.bind(path)
    assert not await Fail2BanClient(path, connect_backoff=0.001).ping()
    retry = {"event": "fail2ban_socket_retry", "level": "warning", "socket_errno": errno.ECONNREFUSED}
    assert events(rendered)[:-1] == [retry | {"attempt": attempt, "socket_path": path} for attempt in (1, 2)]
    assert events(rendered)[-1]["event"] == "fail2ban_connection_error"


async def test_a_command_that_waits_for_a_place_is_a_debug_event(rendered: io.StringIO) -> None:
    async with FakeServer(echo) as server, Fail2BanClient(server.socket_path, max_in_flight=1) as client:
        await asyncio.gather(client.send(["echo", 1]), client.send(["echo", 2]))
    assert [event for event in events(rendered) if event["event"] == "fail2ban_command_waiting"] == [
        {"event": "fail2ban_command_waiting", "level": "debug", "command": "['echo', 2]", "limit": 1}
    ]


async def test_nonsense_is_an_error(rendered: io.StringIO) -> None:
    async with FakeServer(lambda command: RawReply(b"nonsense")) as server:
        client = Fail2BanClient(server.socket_path)
        with pytest.raises(Fail2BanProtocolError) as caught:
            await client.send(["ping"])
        await client.aclose()
    assert events(rendered)[-1] == {
        "event": "fail2ban_protocol_error",
        "level": "error",
        "error": str(caught.value),
        "socket_path": server.socket_path,
        "command": "['ping']",
    }


async def test_a_library_without_configuration_is_silent(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Fail2BanConnectionError):
        await Fail2BanClient("/nowhere/f2b.sock").send(["ping"])
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    "value",
    [
        "x" * 201,
        ["x" * 1000],
        ["x"] * 1000,
        {str(n): "x" * 100 for n in range(100)},
        {n: n for n in range(10_000)},
        10**600,
        [[[[[[[[["x" * 300]]]]]]]]],
        b"x" * 1000,
        (0, [{"sshd": [f"192.0.2.{n}" for n in range(1000)]}]),
    ],
    ids=lambda value: type(value).__name__,
)
def test_no_value_is_longer_than_two_hundred_characters(value: object) -> None:
    assert len(shorten(value)) <= MAX_VALUE_CHARACTERS == 200
    assert len(shorten_command(["echo", value])) <= 200
    assert len(shorten_response(["echo"], (0, value))) <= 200


def test_a_short_value_is_shown_whole() -> None:
    assert shorten("x" * 200) == "x" * 200
    assert shorten(["status", "sshd"]) == "['status', 'sshd']"


async def test_no_field_is_longer_than_two_hundred_characters(rendered: io.StringIO) -> None:
    long_path = "/nowhere/" + "x" * 300
    with pytest.raises(Fail2BanConnectionError):
        await Fail2BanClient(long_path).send(["ping"])
    async with FakeServer(lambda command: command) as server, Fail2BanClient(server.socket_path) as client:
        await client.send(["echo", "x" * 5000, ["y"] * 5000])
    seen = events(rendered)
    assert len(seen) == 3
    assert all(len(str(field)) <= 200 for event in seen for field in event.values())


# Secrets


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        (
            ["set", "j", "action", "mail", "password", SECRET],
            "['set', 'j', 'action', 'mail', 'password', '<redacted>']",
        ),
        (
            ["set", "j", "action", "mail", "send", {"to": SECRET}],
            "['set', 'j', 'action', 'mail', 'send', '<redacted>']",
        ),
        (
            ["multi-set", "j", "action", "mail", [["password", SECRET]]],
            "['multi-set', 'j', 'action', 'mail', '<redacted>']",
        ),
        (
            ["set", "j", "addaction", "mail", "mail.py", f'{{"a": "{SECRET}"}}'],
            "['set', 'j', 'addaction', 'mail', 'mail.py', '<redacted>']",
        ),
        (["reload", "--all", [], [["set", "j", "action", "m", "p", SECRET]]], "['reload', '--all', [], '<redacted>']"),
        (["reload", "--all", [], (("set", SECRET),)], "['reload', '--all', [], '<redacted>']"),
        (["server-stream", [["set", "j", "action", "m", "p", SECRET]]], "['server-stream', '<redacted>']"),
        (["set", "j", "action", "mail", "password"], "['set', 'j', 'action', 'mail', 'password']"),
        (["set", "j", "bantime", 600], "['set', 'j', 'bantime', 600]"),
        (["set", "j", "delaction", "mail"], "['set', 'j', 'delaction', 'mail']"),
        ([], "[]"),
    ],
    ids=lambda value: " ".join(map(str, value[:4])) if isinstance(value, list) else "",
)
def test_the_values_of_action_options_are_not_shown(command: list[object], shown: str) -> None:
    assert shorten_command(command) == shown


@pytest.mark.parametrize(
    ("command", "response"),
    [
        (["get", "j", "action", "mail", "password"], (0, SECRET)),
        (["set", "j", "action", "mail", "password", SECRET], (0, SECRET)),
        (["multi-set", "j", "action", "mail", [["password", SECRET]]], (0, True)),
        (
            ["set", "j", "addaction", "m", "m.py", SECRET],
            (1, RemoteObject("json", "JSONDecodeError", ("x", SECRET, 1))),
        ),
        (["reload", "--all", [], [[SECRET]]], (1, RemoteObject("builtins", "ValueError", (SECRET,)))),
        (["server-stream", [[SECRET]]], (1, RemoteObject("builtins", "ValueError", (SECRET,)))),
    ],
    ids=lambda value: str(value[0]),
)
async def test_replies_do_not_show_them_either(
    command: list[object], response: tuple[int, object], rendered: io.StringIO
) -> None:
    assert SECRET not in shorten_response(command, response)
    async with FakeServer(lambda command: SECRET) as server, Fail2BanClient(server.socket_path) as client:
        await client.send(command)
    assert len(events(rendered)) == 2
    assert SECRET not in rendered.getvalue()


def test_other_replies_are_shown() -> None:
    assert shorten_response(["get", "j", "actions"], (0, ["mail"])) == "(0, ['mail'])"
    assert shorten_response(["get", "j", "action", "m", "x"], "ERROR: cannot pickle it") == "ERROR: cannot pickle it"
