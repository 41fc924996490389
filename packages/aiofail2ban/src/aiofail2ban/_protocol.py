"""Bytes in, replies out: the framing of fail2ban's socket, without a socket.

A reply is a pickle followed by the end marker; there are no lengths and nothing is escaped. The marker may stand
inside a text, so a reply ends where its pickle ends, and the marker must follow. Anything else means that both
sides no longer agree on where they are: the reader then refuses all further bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum, auto
from typing import cast

from ._command import Fail2BanResponse
from ._encode import END_MARKER
from ._pickle import PickleReader
from ._pickle_bytes import MAX_REPLY_BYTES
from ._values import check_reply
from .errors import Fail2BanProtocolError


class _State(Enum):
    PICKLE = auto()
    MARKER = auto()
    FAILED = auto()


# Most replies are one of a few: a pong, a count, nothing. Longer ones are seldom the same twice.
_MAX_REMEMBERED_BYTES = 128
_IMMUTABLE = frozenset({str, int, float, bool, type(None)})


class ReplyReader:
    """Turns the bytes of one connection into replies, in order.

    `max_bytes` limits the size of one reply.
    """

    def __init__(self, max_bytes: int = MAX_REPLY_BYTES) -> None:
        self._state = _State.PICKLE
        self._pickle = PickleReader(max_bytes)
        self._behind = b""
        self._last_bytes = b""
        self._last_reply: Fail2BanResponse = ""

    @property
    def is_idle(self) -> bool:
        """Whether all that was fed ended with a whole reply."""
        return self._state is _State.PICKLE and not self._pickle.is_started

    def feed(self, data: bytes) -> Iterator[Fail2BanResponse]:
        """Yield the replies that `data` completes: none, one or many. Iterate to the end.

        Raises `Fail2BanProtocolError` where the bytes are no reply, after yielding the replies before that, and
        again for whatever is fed later.
        """
        if self._state is _State.FAILED:
            raise Fail2BanProtocolError("this connection failed before; its bytes mean nothing any more")
        # Failed until this call has come to its end: an error anywhere in between is for good.
        state, self._state = self._state, _State.FAILED
        buffer, position = self._behind + data if self._behind else data, 0
        self._behind = b""
        pickle = self._pickle
        while position < len(buffer):
            if state is _State.PICKLE:
                if self._last_bytes and not pickle.is_started and buffer.startswith(self._last_bytes, position):
                    # A pickle's bytes say where it ends, so the same bytes are the same reply.
                    position += len(self._last_bytes)
                    yield self._last_reply
                    continue
                if not pickle.feed(buffer, position):
                    break
                state, buffer, position = _State.MARKER, pickle.buffer, pickle.position
            if len(buffer) - position < len(END_MARKER):
                self._behind = buffer[position:]
                _check_marker(END_MARKER.startswith(self._behind))
                break
            _check_marker(buffer.startswith(END_MARKER, position))
            position += len(END_MARKER)
            state = _State.PICKLE
            reply, size = pickle.take_value()
            check_reply(reply, size)
            response = cast(Fail2BanResponse, reply)
            self._remember(response, buffer, position - size - len(END_MARKER), position)
            yield response
        self._state = state

    def _remember(self, reply: Fail2BanResponse, buffer: bytes, start: int, end: int) -> None:
        # A negative start: the reply came in pieces, and the buffer has only the last of them.
        if (
            start >= 0
            and end - start <= _MAX_REMEMBERED_BYTES
            and (isinstance(reply, str) or type(reply[1]) in _IMMUTABLE)
        ):
            self._last_bytes, self._last_reply = buffer[start:end], reply


def _check_marker(is_there: bool) -> None:
    if not is_there:
        raise Fail2BanProtocolError(
            "the daemon's reply cannot be decoded: its end is not followed by the end marker",
            hint="Something else than fail2ban answers on this socket, or the reply was tampered with.",
        )
