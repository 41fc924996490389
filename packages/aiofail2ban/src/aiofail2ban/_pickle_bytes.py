"""The bytes of a pickle as they arrive: pieces of any size in, whole operands out.

Work is done opcode by opcode, and an opcode either has all its bytes or waits for them with nothing changed. So each
byte is looked at once, and a large reply costs the same whether it comes in one piece or in thousands.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

from .errors import Fail2BanProtocolError

# 64 MiB hold about a million bans with their times; more than that is no fail2ban.
MAX_REPLY_BYTES = 64 * 1024 * 1024
# Module and class names, and nothing else, come as lines.
MAX_LINE_BYTES = 256


class NeedsMore(Exception):
    """The opcode at hand is not all there; `count` bytes from its operand on are needed at least."""

    def __init__(self, count: int) -> None:
        self.count = count


def fault(what: str) -> Fail2BanProtocolError:
    """Return the error for a reply that does `what`."""
    return Fail2BanProtocolError(
        f"the daemon's reply cannot be decoded: it {what}",
        hint="Something else than fail2ban answers on this socket, or the reply was tampered with.",
    )


def decode_text(data: bytes) -> str:
    """Return UTF-8 as text; half a surrogate pair passes, as Python's own pickles have it."""
    try:
        return data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        raise fault("holds a text that is not UTF-8") from None


class PickleBytes(ABC):
    """Holds what has arrived and not been worked through; `_run` of the subclass does the work.

    `buffer[position:]` is what comes next. `max_bytes` limits the size of one pickle.
    """

    def __init__(self, max_bytes: int) -> None:
        self.buffer = b""
        self.position = 0
        self._max_bytes = max_bytes
        self._size = 0
        self._waiting = bytearray()
        self._missing = 0

    @property
    def is_started(self) -> bool:
        """Whether part of a pickle has arrived."""
        return self._size > 0 or len(self._waiting) > 0

    def feed(self, data: bytes, start: int = 0) -> bool:
        """Work through `data` from `start` on; return True when the pickle is complete."""
        if self._missing:
            # Bytes are only collected until there are enough for the opcode that waits: a large text in many small
            # pieces would otherwise be copied over and over.
            self._waiting += data[start:] if start else data
            self._missing -= len(data) - start
            if self._missing > 0:
                return False
            data, start = bytes(self._waiting), 0
            self._waiting.clear()
            self._missing = 0
        self.buffer, self.position = data, start
        missing = self._run()
        self._size += self.position - start
        left = len(data) - self.position if missing else 0
        if self._size + left + missing > self._max_bytes:
            raise fault(f"is larger than {self._max_bytes} bytes")
        if not missing:
            return True
        self._waiting += data[self.position :]
        self._missing = missing
        return False

    def _forget(self) -> int:
        """Make room for the next pickle; return the size of the last one."""
        size, self._size = self._size, 0
        self.buffer, self.position = b"", 0
        return size

    @abstractmethod
    def _run(self) -> int:
        """Execute opcodes to the end of the pickle, or of the buffer; return how many bytes are missing at least."""

    # Operands

    def _take(self, count: int) -> bytes:
        start = self.position
        end = start + count
        if end > len(self.buffer):
            if count > self._max_bytes:
                raise fault(f"announces {count} bytes")
            raise NeedsMore(count)
        self.position = end
        return self.buffer[start:end]

    def _sized(self, width: int) -> bytes:
        """Take a length of `width` bytes, little-endian, and then that many bytes."""
        count = int.from_bytes(self._take(width), "little")
        try:
            return self._take(count)
        except NeedsMore:
            raise NeedsMore(width + count) from None

    def _lines(self) -> tuple[str, str]:
        """Take two lines."""
        first, end = self._line(self.position)
        second, end = self._line(end)
        self.position = end
        return first, second

    def _line(self, start: int) -> tuple[str, int]:
        end = self.buffer.find(b"\n", start, start + MAX_LINE_BYTES)
        if end < 0:
            if len(self.buffer) - start >= MAX_LINE_BYTES:
                raise fault("names a class with no end")
            raise NeedsMore(len(self.buffer) - self.position + 1)
        return decode_text(self.buffer[start:end]), end + 1
