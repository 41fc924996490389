from __future__ import annotations

import errno
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from aiofail2ban import (
    Command,
    Fail2BanCommandError,
    Fail2BanConnectionError,
    Fail2BanProtocolError,
    Fail2BanTimeoutError,
)
from bangui.adapters.oneshot import OneShotCommands, finish

PING = Command(("ping",), lambda value: value)
MARKER = b"<F2B_END_COMMAND>"
PONG = b"\x80\x02K\x00X\x04\x00\x00\x00pong\x86." + MARKER
ERROR = b"\x80\x02K\x01cbuiltins\nException\nX\x0f\x00\x00\x00Invalid command\x85R\x86." + MARKER


@contextmanager
def listening(path: Path, serve: Callable[[socket.socket], None]) -> Iterator[None]:
    """A socket whose first connection is served by a thread."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen(1)

        def accept() -> None:
            connection, _ = listener.accept()
            with connection:
                serve(connection)

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield
        thread.join(5)


def answering(reply: bytes) -> Callable[[socket.socket], None]:
    """A daemon that waits for the request and answers with these bytes."""

    def serve(connection: socket.socket) -> None:
        connection.recv(1024)
        connection.sendall(reply)

    return serve


def ask(path: Path, timeout: float = 2.0, command: Command[object] = PING) -> object:
    commands = OneShotCommands(str(path), timeout)
    try:
        return finish(commands.execute(command))
    finally:
        commands.close()


def test_a_command_is_sent_and_its_reply_is_parsed(tmp_path: Path) -> None:
    received = []

    def serve(connection: socket.socket) -> None:
        received.append(connection.recv(1024))
        connection.sendall(PONG)

    with listening(tmp_path / "s", serve):
        assert ask(tmp_path / "s") == "pong"
    assert received[0].endswith(MARKER)


def test_a_reply_may_come_one_byte_at_a_time(tmp_path: Path) -> None:
    def serve(connection: socket.socket) -> None:
        connection.recv(1024)
        for byte in PONG:
            connection.sendall(bytes([byte]))

    with listening(tmp_path / "s", serve):
        assert ask(tmp_path / "s") == "pong"


def test_the_deadline_counts_for_the_whole_reply_and_not_for_each_byte(tmp_path: Path) -> None:
    def serve(connection: socket.socket) -> None:
        connection.recv(1024)
        for byte in PONG:
            time.sleep(0.05)
            try:
                connection.sendall(bytes([byte]))
            except OSError:
                return

    start = time.monotonic()
    with listening(tmp_path / "s", serve), pytest.raises(Fail2BanTimeoutError):
        ask(tmp_path / "s", timeout=0.2)
    assert time.monotonic() - start < 1.0


def test_a_daemon_that_says_nothing_is_too_slow(tmp_path: Path) -> None:
    with listening(tmp_path / "s", lambda connection: time.sleep(0.4)), pytest.raises(Fail2BanTimeoutError):
        ask(tmp_path / "s", timeout=0.2)


def test_a_slow_command_is_granted_more(tmp_path: Path) -> None:
    def serve(connection: socket.socket) -> None:
        connection.recv(1024)
        time.sleep(0.4)
        connection.sendall(PONG)

    with listening(tmp_path / "s", serve):
        assert ask(tmp_path / "s", 0.1, Command(("ping",), lambda value: value, extra_seconds=2)) == "pong"


def test_a_connection_that_ends_before_the_reply_is_lost(tmp_path: Path) -> None:
    def serve(connection: socket.socket) -> None:
        connection.recv(1024)
        connection.sendall(PONG[:7])

    with listening(tmp_path / "s", serve), pytest.raises(Fail2BanConnectionError) as error:
        ask(tmp_path / "s")
    assert not isinstance(error.value, Fail2BanTimeoutError)


def test_an_error_reply_is_the_daemons_refusal(tmp_path: Path) -> None:
    with listening(tmp_path / "s", answering(ERROR)), pytest.raises(Fail2BanCommandError):
        ask(tmp_path / "s")


def test_nonsense_is_a_protocol_error(tmp_path: Path) -> None:
    with (
        listening(tmp_path / "s", answering(b"HTTP/1.1 400 Bad Request\r\n\r\n")),
        pytest.raises(Fail2BanProtocolError),
    ):
        ask(tmp_path / "s")


def test_two_replies_to_one_request_are_a_protocol_error(tmp_path: Path) -> None:
    with listening(tmp_path / "s", answering(PONG * 2)), pytest.raises(Fail2BanProtocolError):
        ask(tmp_path / "s")


def test_a_missing_socket_fails_at_once(tmp_path: Path) -> None:
    start = time.monotonic()
    with pytest.raises(Fail2BanConnectionError) as error:
        ask(tmp_path / "nowhere")
    assert error.value.errno == errno.ENOENT
    assert time.monotonic() - start < 0.1


def test_an_impossible_path_is_an_error_of_its_own() -> None:
    with pytest.raises(Fail2BanConnectionError) as error:
        finish(OneShotCommands("/" + "x" * 200, 1).execute(PING))
    assert error.value.errno == errno.ENAMETOOLONG


def test_a_stale_socket_is_refused(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "s"))
    with pytest.raises(Fail2BanConnectionError) as error:
        ask(tmp_path / "s")
    assert error.value.errno == errno.ECONNREFUSED


def fill_the_backlog(path: Path) -> list[socket.socket]:
    """Connect until the queue of a listener that accepts nothing is full."""
    queued: list[socket.socket] = []
    while True:
        one = socket.socket(socket.AF_UNIX)
        one.setblocking(False)
        if one.connect_ex(str(path)) == errno.EAGAIN:
            one.close()
            return queued
        queued.append(one)


def test_a_full_backlog_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "s"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen(1)
        queued = fill_the_backlog(path)

        def accept_all() -> None:
            time.sleep(0.3)
            for _ in queued:
                listener.accept()[0].close()
            connection, _ = listener.accept()
            with connection:
                connection.recv(1024)
                connection.sendall(PONG)

        thread = threading.Thread(target=accept_all, daemon=True)
        thread.start()
        assert ask(path) == "pong"
        thread.join(5)
        for one in queued:
            one.close()


def test_a_backlog_that_stays_full_is_a_daemon_that_is_too_slow(tmp_path: Path) -> None:
    path = tmp_path / "s"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen(1)
        queued = fill_the_backlog(path)
        with pytest.raises(Fail2BanTimeoutError):
            ask(path, timeout=0.2)
        for one in queued:
            one.close()


def test_after_a_failure_the_next_command_has_a_new_connection(tmp_path: Path) -> None:
    path = tmp_path / "s"
    commands = OneShotCommands(str(path), 2.0)
    with listening(path, answering(b"")), pytest.raises(Fail2BanConnectionError):
        finish(commands.execute(PING))
    path.unlink()
    with listening(path, answering(PONG)):
        assert finish(commands.execute(PING)) == "pong"
    commands.close()


def test_finish_refuses_a_coroutine_that_waits_for_a_loop() -> None:
    class Pause:
        def __await__(self) -> Generator[None, None, None]:
            yield

    async def wait() -> None:
        await Pause()

    with pytest.raises(RuntimeError, match="event loop"):
        finish(wait())


def test_no_event_loop_is_imported() -> None:
    code = "import sys, bangui.adapters.oneshot; print(sorted({'asyncio', 'ssl', 'logging'} & set(sys.modules)))"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
