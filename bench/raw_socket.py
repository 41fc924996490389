"""How long the daemon itself takes: from the request to the last byte of the reply, which nobody decodes."""

from __future__ import annotations

import pickle
import socket

from bench.work import Run, Work, stopwatch

_END = b"<F2B_END_COMMAND>"
_CHUNK_BYTES = 256 * 1024


class RawSocket:
    """A blocking socket that reads into the same memory again and again and only looks for the end."""

    name = "the daemon alone (reply not decoded)"

    def __init__(self, socket_path: str) -> None:
        self._sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._sock.connect(socket_path)
        self._buffer = memoryview(bytearray(_CHUNK_BYTES))

    async def run(self, work: Work) -> Run:
        """Carry out `work`."""
        request = pickle.dumps(list(work.command), protocol=2) + _END
        with stopwatch() as watch:
            for _ in range(work.count):
                self._sock.sendall(request)
                self._read_reply()
        return watch.read()

    async def aclose(self) -> None:
        """Let go of everything."""
        self._sock.close()

    def _read_reply(self) -> None:
        tail = b""
        while tail != _END:
            count = self._sock.recv_into(self._buffer)
            if not count:
                raise ConnectionResetError("connection closed mid-reply")
            tail = (tail + bytes(self._buffer[max(0, count - len(_END)) : count]))[-len(_END) :]
