"""Writes a request: the tokens as a pickle of protocol 2, then the end marker.

Protocol 2 is the only one that every daemon accepts. The writer is our own because its world is closed: it emits
ten opcodes and one global (`set`), so nothing that a caller passes can become a class or a call in the daemon.

The daemon cuts its input at the first end marker, wherever that stands, and unpickles what follows as the next
request, as root. A request that contains the marker is therefore refused before anything is written.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

from ._command import Fail2BanCommand
from .errors import Fail2BanProtocolError

END_MARKER = b"<F2B_END_COMMAND>"

# Larger than any configuration stream by a factor of ten; the daemon itself would take any size into its memory.
MAX_REQUEST_BYTES = 16 * 1024 * 1024
# The daemon's own commands nest three deep.
MAX_NESTING = 32

_PROTOCOL_2 = b"\x80\x02"
_STOP = b"."


def encode_request(command: Fail2BanCommand) -> bytes:
    """Return the bytes of one request, end marker included.

    `str`, `bool`, `int`, `float`, `list`, `dict` and `set` travel as they are (subclasses as their base),
    everything else as `str(token)`.

    Raises `TypeError` when `command` is one text instead of a sequence of tokens, and `Fail2BanProtocolError` when
    the request must not be sent: it contains the end marker, is too large, or nests too deep.
    """
    if isinstance(command, (str, bytes, bytearray)) or not isinstance(command, Sequence):
        raise TypeError(f"a command is a sequence of tokens such as ['status', 'sshd'], not {type(command).__name__}")
    parts: list[bytes] = [_PROTOCOL_2]
    _write_list(list(command), parts, 0)
    parts.append(_STOP)
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
            hint="The value came from the caller. Remove the marker; if it came from a log line, somebody is attacking.",
        )
    return request


def _write(token: object, parts: list[bytes], depth: int) -> None:
    if isinstance(token, str):
        _write_text(str.__str__(token), parts)
    elif isinstance(token, bool):
        parts.append(b"\x88" if token else b"\x89")
    elif isinstance(token, int):
        _write_int(int(token), parts)
    elif isinstance(token, float):
        parts.append(b"G" + struct.pack(">d", token))
    elif isinstance(token, list):
        _write_list(token, parts, depth + 1)
    elif isinstance(token, dict):
        _write_dict(token, parts, depth + 1)
    elif isinstance(token, set):
        parts.append(b"c__builtin__\nset\n")
        _write_list(list(token), parts, depth + 1)
        parts.append(b"\x85R")
    else:
        _write_text(str.__str__(str(token)), parts)


def _write_text(text: str, parts: list[bytes]) -> None:
    # "surrogatepass" is what the daemon's unpickler uses: half a surrogate pair arrives as it left.
    data = text.encode("utf-8", "surrogatepass")
    parts.append(b"X" + struct.pack("<I", len(data)) + data)


def _write_int(number: int, parts: list[bytes]) -> None:
    if -0x8000_0000 <= number <= 0x7FFF_FFFF:
        parts.append(b"J" + struct.pack("<i", number))
        return
    data = number.to_bytes(number.bit_length() // 8 + 1, "little", signed=True)
    if len(data) > 255:
        raise Fail2BanProtocolError("the request was not sent: it holds a number of more than 255 bytes")
    parts.append(b"\x8a" + bytes([len(data)]) + data)


def _write_list(items: list[object], parts: list[bytes], depth: int) -> None:
    _check_nesting(depth)
    parts.append(b"](")
    for item in items:
        _write(item, parts, depth)
    parts.append(b"e")


def _write_dict(items: dict[object, object], parts: list[bytes], depth: int) -> None:
    _check_nesting(depth)
    parts.append(b"}(")
    for key, value in items.items():
        _write(key, parts, depth)
        _write(value, parts, depth)
    parts.append(b"u")


def _check_nesting(depth: int) -> None:
    if depth > MAX_NESTING:
        raise Fail2BanProtocolError(f"the request was not sent: its values nest more than {MAX_NESTING} deep")
