"""A reply becomes the value of its command, or the error that the daemon meant."""

from __future__ import annotations

import pytest

from aiofail2ban import (
    Command,
    Fail2BanCommandError,
    Fail2BanProtocolError,
    RemoteObject,
    UnknownJailError,
    interpret,
)

COUNT: Command[int] = Command(("unban", "192.0.2.1"), lambda value: int(str(value)))


def test_a_success_reply_is_parsed() -> None:
    assert interpret(COUNT, (0, 3)) == 3


def test_an_error_reply_is_raised_with_class_message_and_command() -> None:
    remote = RemoteObject("fail2ban.exceptions", "UnknownJailException", ("nojail",))
    with pytest.raises(UnknownJailError) as caught:
        interpret(Command(("status", "nojail"), str), (1, remote))
    assert caught.value.error_class == "fail2ban.exceptions.UnknownJailException"
    assert caught.value.command == ("status", "nojail")
    assert "nojail" in caught.value.message


def test_the_bare_text_of_a_daemon_that_could_not_read_is_raised() -> None:
    with pytest.raises(Fail2BanCommandError, match="ERROR: Ran out of input") as caught:
        interpret(COUNT, "ERROR: Ran out of input")
    assert caught.value.error_class == ""


def test_what_a_parser_raises_is_passed_on() -> None:
    def parse(value: object) -> int:
        raise Fail2BanProtocolError("not a number")

    with pytest.raises(Fail2BanProtocolError, match="not a number"):
        interpret(Command(("x",), parse), (0, "x"))


def test_a_command_is_a_value() -> None:
    command = Command(("status",), str)
    assert (command.reads, command.extra_seconds) == (False, 0.0)
    assert command == Command(("status",), str)
