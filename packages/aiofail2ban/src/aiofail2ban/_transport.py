"""A Unix stream socket on the running event loop: connect, write, close.

Connecting never waits: on a Unix socket the kernel answers at once. asyncio's own `open_unix_connection` reports
success when the daemon's queue of connections is full (it listens with a backlog of one), so we make the call
ourselves and believe only `getpeername`.

Every `OSError` of a socket becomes a `Fail2BanConnectionError` here and nowhere else. The socket is a plain one
with callbacks and not an asyncio transport, so that it can be closed from anywhere, also after its loop is gone.
"""

from __future__ import annotations

import asyncio
import errno
import os
import socket
from collections.abc import Callable

from .errors import Fail2BanConnectionError

# Twice what the daemon's side buffers in its socket.
_READ_BYTES = 256 * 1024

_HINTS = {
    errno.ENOENT: "fail2ban is not running, or listens elsewhere. Start it, or name its socket.",
    errno.ECONNREFUSED: "The socket is there but nobody listens: fail2ban died or is starting. Restart it.",
    errno.EACCES: "fail2ban's socket is open to root only. Run this as root.",
    errno.EPERM: "fail2ban's socket is open to root only. Run this as root.",
    errno.EAGAIN: "fail2ban is busy and its queue of connections is full. Try again in a moment.",
    errno.ENOTSOCK: "This path is not a socket. Name fail2ban's socket.",
    errno.ENAMETOOLONG: "The path of a Unix socket has 107 bytes at most.",
}


class _Socket(socket.socket):
    """A socket that closes silently when its owner is forgotten: the client promises that nothing leaks then."""

    __slots__ = ()

    def __del__(self) -> None:
        # The one of the C class, which works also where `__init__` has failed.
        super(socket.socket, self).close()


def connect(socket_path: str) -> socket.socket:
    """Return a connected, non-blocking socket.

    Raises `Fail2BanConnectionError` with its `errno`.
    """
    try:
        sock = _Socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
    except OSError as error:
        # Out of descriptors, or of memory.
        raise connection_error("cannot connect", socket_path, error.errno or errno.EIO) from None
    try:
        try:
            code = _connect(sock, socket_path)
        except (OSError, ValueError) as error:
            # The path itself: too long, not in the file system's encoding, or with a zero byte inside.
            raise Fail2BanConnectionError(
                f"not a possible socket path: {error}",
                socket_path,
                hint=_HINTS[errno.ENAMETOOLONG],
                errno=errno.ENAMETOOLONG,
            ) from None
        if code == 0:
            code = _peer_errno(sock)
        if code:
            raise connection_error("cannot connect", socket_path, code)
    except BaseException:
        sock.close()
        raise
    return sock


def _connect(sock: socket.socket, socket_path: str) -> int:
    if "\0" in socket_path[1:]:
        # The kernel would cut the path there and connect to something else.
        raise ValueError("embedded null character")
    return sock.connect_ex(socket_path)


def _peer_errno(sock: socket.socket) -> int:
    """Return 0 when somebody is at the other end, else the errno to report."""
    try:
        sock.getpeername()
    except OSError as error:
        return errno.EAGAIN if error.errno == errno.ENOTCONN else error.errno or errno.EIO
    return 0


def connection_error(what: str, socket_path: str, code: int) -> Fail2BanConnectionError:
    """Translate an errno."""
    return Fail2BanConnectionError(f"{what}: {os.strerror(code)}", socket_path, hint=_HINTS.get(code, ""), errno=code)


class UnixTransport:
    """Bytes to and from one connected socket.

    `on_data` gets what arrives. `on_lost` is called once, in a turn of the loop of its own, when the connection
    ended for another reason than `close`, with the error where there was one. Raises `OSError` when the event loop
    cannot watch the socket.
    """

    def __init__(
        self,
        sock: socket.socket,
        loop: asyncio.AbstractEventLoop,
        on_data: Callable[[bytes], None],
        on_lost: Callable[[OSError | None], None],
    ) -> None:
        self.sent_bytes = 0
        self._sock = sock
        self._loop = loop
        self._on_data = on_data
        self._on_lost = on_lost
        self._loss: asyncio.Handle | None = None
        self._outgoing = bytearray()
        self._is_writing = False
        self._buffer = memoryview(bytearray(_READ_BYTES))
        loop.add_reader(sock, self._read)

    @property
    def is_closed(self) -> bool:
        return self._sock.fileno() < 0

    def write(self, data: bytes) -> None:
        """Send `data` now as far as the kernel takes it, the rest when it can; `sent_bytes` counts what it took."""
        if self.is_closed:
            return
        if self._outgoing:
            self._outgoing += data
            return
        sent = self._send(data)
        if sent < len(data) and not self.is_closed:
            self._outgoing += data[sent:]
            self._is_writing = True
            self._loop.add_writer(self._sock, self._flush)

    def close(self) -> None:
        """Close at once; nothing is called afterwards. Works when the loop is closed, too."""
        if self._loss is not None:
            self._loss.cancel()
        self._shut()

    def _shut(self) -> None:
        if self.is_closed:
            return
        if not self._loop.is_closed():
            self._loop.remove_reader(self._sock)
            if self._is_writing:
                self._loop.remove_writer(self._sock)
        self._sock.close()

    def _send(self, data: bytes | bytearray) -> int:
        try:
            sent = self._sock.send(data)
        except (BlockingIOError, InterruptedError):
            return 0
        except OSError as error:
            self._lose(error)
            return 0
        self.sent_bytes += sent
        return sent

    def _flush(self) -> None:
        del self._outgoing[: self._send(self._outgoing)]
        if not self._outgoing and not self.is_closed:
            self._is_writing = False
            self._loop.remove_writer(self._sock)

    def _read(self) -> None:
        try:
            count = self._sock.recv_into(self._buffer)
        except (BlockingIOError, InterruptedError):
            return
        except OSError as error:
            self._lose(error)
            return
        if count:
            self._on_data(bytes(self._buffer[:count]))
        else:
            self._lose(None)

    def _lose(self, error: OSError | None) -> None:
        self._shut()
        # Called from within `write` too: the owner hears of it in a turn of its own.
        self._loss = self._loop.call_soon(self._on_lost, error)
