"""Writes a request: the tokens as a pickle of protocol 2, then the end marker.

Protocol 2 is the only one that every daemon accepts. The writer is our own because its world is closed: it emits
a dozen opcodes and one global (`set`), so nothing that a caller passes can become a class or a call in the daemon.

The daemon cuts its input at the first end marker, wherever that stands, and unpickles what follows as the next
request, as root. A request that contains the marker is therefore refused before anything is written.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from itertools import chain

from ._command import Fail2BanCommand
from .errors import Fail2BanProtocolError

END_MARKER = b"<F2B_END_COMMAND>"

# Larger than any configuration stream by a factor of ten; the daemon itself would take any size into its memory.
MAX_REQUEST_BYTES = 16 * 1024 * 1024
# The daemon's own commands nest three deep.
MAX_NESTING = 32
# Counted while a request is written: a list that holds itself twice, and so on, would never come to an end.
MAX_PARTS = 1_000_000

_PROTOCOL_2 = b"\x80\x02"
_STOP = b"."


def encode_request(command: Fail2BanCommand) -> bytes:
    """Return the bytes of one request, end marker included.

    `str`, `bool`, `int`, `float`, `list`, `dict` and `set` travel as they are (subclasses as their base),
    everything else as `str(token)`. What stands inside a `list`, `dict` or `set` may also be `None` or a tuple.

    Raises `TypeError` when `command` is one text instead of a sequence of tokens, and `Fail2BanProtocolError` when
    the request must not be sent: it contains the end marker, is too large, or nests too deep.
    """
    if isinstance(command, (str, bytes, bytearray)) or not isinstance(command, Sequence):
        raise TypeError(f"a command is a sequence of tokens such as ['status', 'sshd'], not {type(command).__name__}")
    parts: list[bytes] = [_PROTOCOL_2]
    parts.append(b"](")
    for token in command:
        _write_token(token, parts)
    parts.append(b"e" + _STOP)
    request = b"".join(parts) + END_MARKER
    if len(request) > MAX_REQUEST_BYTES:
        raise Fail2BanProtocolError(
            f"the request was not sent: it has {len(request)} bytes, more than the limit of {MAX_REQUEST_BYTES}",
            hint="Send the values in smaller groups.",
        )
    if request.find(END_MARKER) != len(request) - len(END_MARKER):
        raise Fail2BanProtocolError(
            "the request was not sent: one of its values contains fail2ban's end marker <F2B_END_COMMAND>, and the"
            " daemon would run what follows it as a command of its own",
            hint="The value came from the caller. Remove the marker; if a log line had it, somebody is attacking.",
        )
    return request


def _write_token(token: object, parts: list[bytes]) -> None:
    if token is None or isinstance(token, tuple):
        _write_text(str(token), parts)
    else:
        _write(token, parts, 0)


def _write(value: object, parts: list[bytes], depth: int) -> None:
    if isinstance(value, str):
        _write_text(str.__str__(value), parts)
    elif isinstance(value, bool):
        parts.append(b"\x88" if value else b"\x89")
    elif isinstance(value, int):
        _write_int(int(value), parts)
    elif isinstance(value, float):
        parts.append(b"G" + struct.pack(">d", value))
    elif isinstance(value, (list, tuple, dict, set)):
        _write_container(value, parts, depth + 1)
    elif value is None:
        parts.append(b"N")
    else:
        _write_text(str(value), parts)


def _write_container(
    container: list[object] | tuple[object, ...] | dict[object, object] | set[object], parts: list[bytes], depth: int
) -> None:
    _check_bounds(parts, depth)
    if isinstance(container, dict):
        opening, items, closing = b"}(", list(chain.from_iterable(container.items())), b"u"
    elif isinstance(container, tuple):
        opening, items, closing = b"(", list(container), b"t"
    elif isinstance(container, list):
        opening, items, closing = b"](", container, b"e"
    else:
        opening, items, closing = b"c__builtin__\nset\n](", list(container), b"e\x85R"
    parts.append(opening)
    for item in items:
        _write(item, parts, depth)
    parts.append(closing)


def _write_text(text: str, parts: list[bytes]) -> None:
    # "surrogatepass" is what the daemon's unpickler uses: half a surrogate pair arrives as it left.
    data = str.encode(text, "utf-8", "surrogatepass")
    parts.append(b"X" + struct.pack("<I", len(data)) + data)


def _write_int(number: int, parts: list[bytes]) -> None:
    if -0x8000_0000 <= number <= 0x7FFF_FFFF:
        parts.append(b"J" + struct.pack("<i", number))
        return
    data = number.to_bytes(number.bit_length() // 8 + 1, "little", signed=True)
    if len(data) > 255:
        raise Fail2BanProtocolError("the request was not sent: it holds a number of more than 255 bytes")
    parts.append(b"\x8a" + bytes([len(data)]) + data)


def _check_bounds(parts: list[bytes], depth: int) -> None:
    if depth > MAX_NESTING:
        raise Fail2BanProtocolError(f"the request was not sent: its values nest more than {MAX_NESTING} deep")
    if len(parts) > MAX_PARTS:
        raise Fail2BanProtocolError(f"the request was not sent: it holds more than {MAX_PARTS} values")
