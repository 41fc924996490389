from __future__ import annotations

import errno
import socket
from pathlib import Path

import pytest

from aiofail2ban import (
    Fail2BanCommandError,
    Fail2BanConnectionError,
    Fail2BanProtocolError,
    Fail2BanTimeoutError,
    UnknownJailError,
)
from bangui.adapters.translation import translated
from bangui.domain.errors import AwayReason, DaemonAway, OperationRefused, UnknownJail


def connection_error(code: int | None, path: str = "/run/x.sock") -> DaemonAway:
    error = translated(Fail2BanConnectionError("cannot connect", path, errno=code), None)
    assert isinstance(error, DaemonAway)
    return error


@pytest.mark.parametrize(
    ("code", "reason", "words"),
    [
        (errno.ENOENT, AwayReason.MISSING, "systemctl start"),
        (errno.ENOTDIR, AwayReason.MISSING, "systemctl start"),
        (errno.EACCES, AwayReason.DENIED, "sudo"),
        (errno.EPERM, AwayReason.DENIED, "sudo"),
        (errno.EAGAIN, AwayReason.SLOW, "try again"),
        (errno.ECONNRESET, AwayReason.LOST, "restarting"),
        (errno.EPIPE, AwayReason.LOST, "restarting"),
        (None, AwayReason.LOST, "restarting"),
    ],
)
def test_each_failure_to_connect_has_a_reason_and_says_what_to_do(
    code: int | None, reason: AwayReason, words: str
) -> None:
    error = connection_error(code)
    assert error.reason is reason
    assert words in error.hint
    assert "/run/x.sock" in error.message


def test_a_socket_that_nobody_listens_at_is_told_from_a_file_that_is_no_socket(tmp_path: Path) -> None:
    stale, plain = tmp_path / "stale.sock", tmp_path / "plain"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(stale))
    plain.touch()
    assert connection_error(errno.ECONNREFUSED, str(stale)).reason is AwayReason.REFUSED
    assert connection_error(errno.ECONNREFUSED, str(plain)).reason is AwayReason.FOREIGN


def test_a_time_out_is_a_slow_daemon() -> None:
    error = translated(Fail2BanTimeoutError("too slow", "/run/x.sock"), None)
    assert isinstance(error, DaemonAway)
    assert error.reason is AwayReason.SLOW


def test_nonsense_is_foreign() -> None:
    error = translated(Fail2BanProtocolError("not a pickle"), None)
    assert isinstance(error, DaemonAway)
    assert error.reason is AwayReason.FOREIGN


def test_a_refusal_keeps_the_daemons_own_words() -> None:
    error = translated(Fail2BanCommandError("ValueError", "no such thing", ["set"]), "sshd")
    assert isinstance(error, OperationRefused)
    assert error.detail == "ValueError: no such thing"
    assert "no such thing" in error.message


def test_an_unknown_jail_is_named() -> None:
    error = translated(UnknownJailError("UnknownJailException", "shsd", ["status", "shsd"]), "shsd")
    assert isinstance(error, UnknownJail)
    assert error.jail == "shsd"
