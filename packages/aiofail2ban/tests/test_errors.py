"""Errors carry facts as attributes, and their text is what the contract says."""

from __future__ import annotations

import pickle

import pytest

from aiofail2ban import (
    Fail2BanCommandError,
    Fail2BanConnectionError,
    Fail2BanError,
    Fail2BanProtocolError,
    Fail2BanTimeoutError,
    InvalidCommandError,
    InvalidValueError,
    UnknownJailError,
)


@pytest.mark.parametrize("kind", [Fail2BanConnectionError, Fail2BanTimeoutError])
def test_a_connection_error_names_its_socket(kind: type[Fail2BanConnectionError]) -> None:
    error = kind("it went away", "/run/fail2ban/fail2ban.sock")
    assert str(error) == "it went away (socket: /run/fail2ban/fail2ban.sock)"
    assert error.socket_path == "/run/fail2ban/fail2ban.sock"
    assert error.errno is None
    assert error.hint == ""


def test_a_time_limit_is_a_connection_error() -> None:
    assert issubclass(Fail2BanTimeoutError, Fail2BanConnectionError)


def test_all_errors_have_one_root() -> None:
    for kind in (Fail2BanConnectionError, Fail2BanProtocolError, Fail2BanCommandError):
        assert issubclass(kind, Fail2BanError)
    for kind in (UnknownJailError, InvalidCommandError, InvalidValueError):
        assert issubclass(kind, Fail2BanCommandError)


def test_a_command_error_keeps_the_daemons_class_and_message_and_the_command() -> None:
    error = Fail2BanCommandError("ValueError", "not banned", ["set", "sshd", "unbanip", "x"], hint="Look again.")
    assert str(error) == "ValueError: not banned"
    assert (error.error_class, error.message) == ("ValueError", "not banned")
    assert error.command == ("set", "sshd", "unbanip", "x")
    assert error.hint == "Look again."
    assert str(Fail2BanCommandError("", "ERROR: Ran out of input", [])) == "ERROR: Ran out of input"


@pytest.mark.parametrize(
    "error",
    [
        Fail2BanConnectionError("it went away", "/x", hint="Start it.", errno=2),
        Fail2BanTimeoutError("too slow", "/x"),
        Fail2BanProtocolError("nonsense", hint="Look."),
        Fail2BanCommandError("ValueError", "not banned", ["set"]),
        UnknownJailError("UnknownJailException", "x", ["status", "x"], hint="y"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_error_survives_a_journey_between_processes(error: Fail2BanError) -> None:
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is type(error)
    assert str(copy) == str(error)
    assert vars(copy) == vars(error)
