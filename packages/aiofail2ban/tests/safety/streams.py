"""Attacks on time and memory: replies without an end, and replies that would unfold into too much."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from itertools import islice, repeat

from aiofail2ban import Fail2BanProtocolError, ReplyReader
from aiofail2ban._encode import END_MARKER
from packages.aiofail2ban.tests.safety.attacks import name_lines, text

PIECE = 256 * 1024
ENOUGH = 80 * 1024 * 1024


def deep(opening: bytes, closing: bytes, count: int = 900_000) -> Iterator[bytes]:
    return iter([b"\x80\x04K\x00" + opening * count + b"N" + closing * count + b"\x86." + END_MARKER])


def endless(body: bytes, start: bytes = b"") -> Iterator[bytes]:
    piece = body * (PIECE // len(body))
    yield b"\x80\x04K\x00" + start
    yield from repeat(piece)


def set_copies() -> Iterator[bytes]:
    numbers = b"".join(b"J" + struct.pack("<i", number) for number in range(300_000))
    yield from endless(b"h\x00h\x01\x85R", name_lines("builtins", "set") + b"\x94](" + numbers + b"e\x94")


def one_hash() -> Iterator[bytes]:
    """Numbers of the same hash, each of which a dict must compare with all before it."""
    keys = b"".join(b"\x8a\x0b" + (number * (2**61 - 1)).to_bytes(11, "little") + b"N" for number in range(1, 200_000))
    return iter([b"\x80\x04K\x00}(" + keys + b"u\x86." + END_MARKER])


def shared_list() -> Iterator[bytes]:
    """One long list in a million places."""
    return iter([b"\x80\x04K\x00](]\x94(" + b"N" * 1_000_000 + b"e" + b"h\x00" * 900_000 + b"e\x86." + END_MARKER])


def nan_keys() -> Iterator[bytes]:
    nan = b"G" + struct.pack(">d", float("nan"))
    return iter([b"\x80\x04K\x00}(" + (nan + b"N") * 400_000 + b"u\x86." + END_MARKER + b"x"])


HEAVY: dict[str, Callable[[], Iterator[bytes]]] = {
    "endless None": lambda: endless(b"N"),
    "endless numbers": lambda: endless(b"J\x00\x00\x00\x7f"),
    "endless floats": lambda: endless(b"G" + b"\x3f" * 8),
    "endless short texts": lambda: endless(b"\x8c\x02ab"),
    "endless remembered texts": lambda: endless(b"\x8c\x02ab\x94"),
    "endless wide texts": lambda: endless(b"\x8c\x06ab\xf0\x9f\x98\x80"),
    "endless empty lists": lambda: endless(b"]"),
    "endless empty dicts": lambda: endless(b"}"),
    "endless empty sets": lambda: endless(b"\x8f"),
    "endless empty tuples": lambda: endless(b")"),
    "endless small dicts": lambda: endless(b"}NNs"),
    "endless small sets": lambda: endless(b"\x8f(N\x90"),
    "endless pairs": lambda: endless(b"NN\x86"),
    "endless marks": lambda: endless(b"("),
    "endless memo": lambda: endless(b"\x94", b"N"),
    "endless items of one list": lambda: endless(b"Na", b"]"),
    "endless keys of one dict": lambda: endless(b"M\x01\x02Ns", b"}"),
    "endless classes": lambda: endless(b"cab\ncd\n"),
    "endless class names": lambda: endless(b"h\x00h\x01\x93", text("ab") + b"\x94" + text("cd") + b"\x94"),
    "endless objects": lambda: endless(b"h\x00)R", name_lines("x", "Error") + b"\x94"),
    "endless tuples of one text": lambda: endless(b"h\x02", b"\x8c\x08builtins\x94\x8c\x03str\x94\x93\x94\x8c\x01a"),
    "one text without end": lambda: endless(b"a" * PIECE, b"X" + struct.pack("<I", 60 * 1024 * 1024)),
    "one wide text": lambda: endless(b"a" * PIECE, b"X" + struct.pack("<I", 60 * 1024 * 1024) + "😀".encode()),
    "a line without end": lambda: endless(b"a", b"c"),
    "sets made of one list": set_copies,
    "numbers of one hash": one_hash,
    "one list in many places": shared_list,
    "keys that equal nothing": nan_keys,
    "nested lists": lambda: deep(b"]", b"a"),
    "nested tuples": lambda: deep(b"", b"\x85"),
    "nested pairs": lambda: deep(b"N", b"\x86"),
    "nested dicts": lambda: deep(b"}N", b"s"),
    "nested objects": lambda: deep(name_lines("x", "Error"), b"\x85R", 300_000),
    "nested states": lambda: deep(name_lines("x", "Error") + b")R", b"b", 300_000),
    "nested tuples as a key": lambda: iter([b"\x80\x04}N" + b"\x85" * 900_000 + b"Ns." + END_MARKER]),
    "nested tuples in a set": lambda: iter([b"\x80\x04\x8f(N" + b"\x85" * 900_000 + b"\x90." + END_MARKER]),
    "nested marks": lambda: iter([b"\x80\x04" + b"(" * 900_000 + b"t" * 900_000 + b"." + END_MARKER]),
}


def is_stream_refused(pieces: Iterator[bytes]) -> bool:
    reader = ReplyReader()
    try:
        for piece in islice(pieces, ENOUGH // PIECE):
            for start in range(0, len(piece), PIECE):
                if list(reader.feed(piece[start : start + PIECE])):
                    return False
    except Fail2BanProtocolError:
        return True
    return False
