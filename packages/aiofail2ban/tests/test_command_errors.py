from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from aiofail2ban import (
    DuplicateJailError,
    Fail2BanCommandError,
    InvalidCommandError,
    InvalidValueError,
    RemoteObject,
    ReplyReader,
    UnknownJailError,
)
from aiofail2ban._command_errors import command_error

FOLDER = Path(__file__).parent / "data" / "replies"
ERRORS: list[dict[str, Any]] = [
    case
    for case in json.loads((FOLDER / "index.json").read_text("utf-8"))["cases"]
    if case["kind"] == "error" and case["command"] is not None
]


def expected_class(case: dict[str, Any]) -> type[Fail2BanCommandError]:
    name = case["error"]["class"]
    if name.endswith("UnknownJailException"):
        return UnknownJailError
    if name.endswith("DuplicateJailException") or (case["command"][:1] == ["add"] and name.endswith(".NameError")):
        return DuplicateJailError
    if name.endswith(".Exception"):
        return InvalidCommandError if "Invalid command" in case["error"]["args_repr"] else InvalidValueError
    if name.endswith(".IndexError"):
        return InvalidCommandError
    if name.endswith((".RuntimeError", "sqlite3.OperationalError")):
        return Fail2BanCommandError
    return InvalidValueError


@pytest.mark.parametrize("case", ERRORS, ids=lambda case: str(case["file"]))
def test_every_captured_error_has_its_class(case: dict[str, Any]) -> None:
    (reply,) = ReplyReader().feed((FOLDER / case["file"]).read_bytes())
    error = command_error(reply[1], case["command"])
    assert type(error) is expected_class(case)
    plain = case["error"]["class"].removeprefix("builtins.").removeprefix("exceptions.")
    assert error.error_class == plain
    assert error.command == tuple(case["command"])
    assert error.message
    assert str(error) == f"{error.error_class}: {error.message}"


@pytest.mark.parametrize(
    ("name", "args", "message"),
    [
        ("FileNotFoundError", (2, "No such file or directory", "/no/such"), "No such file or directory: /no/such"),
        ("SyntaxError", ("invalid syntax", ("<string>", 1, 3, "x y", 1, 4)), "invalid syntax"),
        ("ValueError", ("not banned: ['192.0.2.1']",), "not banned: ['192.0.2.1']"),
        ("KeyError", ("key",), "key"),
        ("RuntimeError", ("two", "words"), "two, words"),
        ("ValueError", (), "ValueError"),
    ],
)
def test_the_message_is_what_the_daemon_said(name: str, args: tuple[object, ...], message: str) -> None:
    assert command_error(RemoteObject("builtins", name, args), ["set", "sshd", "x"]).message == message


def test_a_failed_reload_says_what_it_has_done() -> None:
    error = command_error(RemoteObject("builtins", "ValueError", ("x",)), ["reload", "--all", [], []])
    assert "are gone" in error.hint


def test_something_else_than_an_exception_is_shown_as_it_is() -> None:
    error = command_error("no exception", ["ping"])
    assert (type(error), str(error)) == (Fail2BanCommandError, "no exception")
