"""Reads one pickle that a daemon sent, in a closed world, as its bytes arrive.

A pickle is a program, and fail2ban's replies carry text that attackers wrote. So this is not Python's unpickler
with a filter in front but a reader of our own that knows the opcodes of plain values and nothing else. It never
imports, calls or instantiates what a reply names: `str`, which wraps every address, gives its text back; `set`
makes a set of plain values; any other global becomes an inert `RemoteObject`. Whatever it does not know ends in
`Fail2BanProtocolError`.

It also finds the end of the pickle, which is the only sound way to find the end of a reply: the end marker may
stand inside a text. Reading is resumable. `feed` takes bytes in pieces of any size and works through each opcode
once, so that a large reply costs the same whether it comes in one piece or in thousands.

Invariants: an opcode changes nothing before all its bytes are there; every count that the sender announces is
checked against a limit before it is used; a reader that failed or finished is never fed again.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import TypeVar

from ._values import RemoteObject
from .errors import Fail2BanProtocolError

# 64 MiB hold about a million bans with their times; more than that is no fail2ban.
MAX_REPLY_BYTES = 64 * 1024 * 1024
# An empty set costs the sender one byte and us two hundred; real replies hold a few containers and long texts.
MAX_CONTAINERS = 1_000_000
# Python 2 numbers its memo from 1, others from 0 without gaps.
MAX_MEMO_GAP = 16
# Time stamps and counters need 9 bytes; turning thousands of digits into text takes quadratic time.
MAX_INT_BYTES = 255
# Module and class names, and nothing else, come as lines.
MAX_LINE_BYTES = 256

_TEXT_NAMES = frozenset({"str", "unicode"})
_BUILTIN_MODULES = frozenset({"builtins", "__builtin__"})
_KEY_TYPES = frozenset({str, int, float, bool, bytes, type(None)})

# What the daemon writes around each address: BINGET of `str`, SHORT_BINUNICODE; then MEMOIZE, TUPLE1, MEMOIZE,
# REDUCE, MEMOIZE.
_BINGET = 0x68
_SHORT_TEXT = 0x8C
_AFTER_ADDRESS = b"\x94\x85\x94R\x94"
_MEMOIZE = 0x94


_C = TypeVar("_C", list[object], dict[object, object], set[object])


class _Global:
    """A name that a pickle mentions; calling it makes an inert object, unless it is `str` or `set`."""

    __slots__ = ("module", "name")

    def __init__(self, module: str, name: str) -> None:
        self.module = module
        self.name = name

    @property
    def is_text(self) -> bool:
        return self.module in _BUILTIN_MODULES and self.name in _TEXT_NAMES

    @property
    def is_set(self) -> bool:
        return self.module in _BUILTIN_MODULES and self.name == "set"


class _NeedsMore(Exception):
    """The opcode at hand is not all there; `count` bytes from its operand on are needed at least."""

    def __init__(self, count: int) -> None:
        self.count = count


class _Placeholder:
    """Stands in the memo where a value would have to be made only to be forgotten."""


_UNSET = _Placeholder()
# The tuple around the text before it, which only the pickle's own REDUCE ever uses.
_TUPLE_OF_PREVIOUS = _Placeholder()


class PickleReader:
    """Decodes pickles of plain values, one after the other, from bytes that arrive in pieces.

    `feed` returns True once a pickle is complete; `take_value` then gives its value, and `buffer[position:]` is what
    came behind it. Raises `Fail2BanProtocolError` for anything but a plain value.
    """

    def __init__(self, max_bytes: int = MAX_REPLY_BYTES) -> None:
        self.buffer = b""
        self.position = 0
        self._size = 0
        self._max_bytes = max_bytes
        self._waiting: list[bytes] = []
        self._missing = 0
        self._stack: list[object] = []
        self._marks: list[int] = []
        self._memo: list[object] = []
        self._containers = 0
        self._done = False

    def take_value(self) -> tuple[object, int]:
        """Return the value of the complete pickle and its size in bytes; the reader is then ready for the next."""
        value, size = self._stack.pop(), self._size
        self._memo.clear()
        self._size = self._containers = 0
        self._done = False
        return value, size

    def feed(self, data: bytes, start: int = 0) -> bool:
        """Work through `data` from `start` on; return True when the pickle is complete."""
        if self._missing:
            # Pieces are joined only when there are enough for the opcode that waits: a large text in many small
            # pieces would otherwise be copied over and over.
            self._waiting.append(data[start:] if start else data)
            self._missing -= len(data) - start
            if self._missing > 0:
                return False
            data, start = b"".join(self._waiting), 0
            self._waiting.clear()
            self._missing = 0
        self.buffer, self.position = data, start
        missing = self._run()
        self._size += self.position - start
        if not missing:
            return True
        left = data[self.position :]
        if self._size + len(left) + missing > self._max_bytes:
            raise _fault(f"is larger than {self._max_bytes} bytes")
        self._waiting.append(left)
        self._missing = missing
        return False

    def _run(self) -> int:
        """Execute opcodes to the end of the pickle, or of the buffer; return how many bytes are missing at least."""
        buffer = self.buffer
        length = len(buffer)
        start = self.position
        try:
            while not self._done:
                start = self.position
                if start >= length:
                    return 1
                self.position = start + 1
                _OPCODES[buffer[start]](self)
        except _NeedsMore as shortage:
            self.position = start
            return max(1, shortage.count - (length - start - 1))
        except IndexError:
            raise _fault("uses a value that is not there") from None
        return 0

    # Operands

    def _take(self, count: int) -> bytes:
        start = self.position
        end = start + count
        if end > len(self.buffer):
            if count > self._max_bytes:
                raise _fault(f"announces {count} bytes")
            raise _NeedsMore(count)
        self.position = end
        return self.buffer[start:end]

    def _sized(self, width: int) -> bytes:
        """Take a length of `width` bytes, little-endian, and then that many bytes."""
        count = int.from_bytes(self._take(width), "little")
        try:
            return self._take(count)
        except _NeedsMore:
            raise _NeedsMore(width + count) from None

    def _line(self, start: int) -> tuple[str, int]:
        end = self.buffer.find(b"\n", start, start + MAX_LINE_BYTES)
        if end < 0:
            if len(self.buffer) - start >= MAX_LINE_BYTES:
                raise _fault("names a class with no end")
            raise _NeedsMore(len(self.buffer) - self.position + 1)
        return _decode(self.buffer[start:end]), end + 1

    def _count_container(self) -> None:
        self._containers += 1
        if self._containers > MAX_CONTAINERS:
            raise _fault(f"holds more than {MAX_CONTAINERS} containers")

    # Frame and end

    def _protocol(self) -> None:
        version = self._take(1)[0]
        if not 2 <= version <= 5:
            raise _fault(f"is a pickle of protocol {version}")

    def _frame(self) -> None:
        announced = int.from_bytes(self._take(8), "little")
        if announced > self._max_bytes:
            raise _fault(f"announces {announced} bytes")

    def _stop(self) -> None:
        if len(self._stack) != 1 or self._marks:
            raise _fault("ends in the middle of a value")
        self._done = True

    def _refuse(self) -> None:
        raise _fault(f"uses opcode 0x{self.buffer[self.position - 1]:02x}, which no plain value needs")

    # Plain values

    def _none(self) -> None:
        self._stack.append(None)

    def _true(self) -> None:
        self._stack.append(True)

    def _false(self) -> None:
        self._stack.append(False)

    def _int1(self) -> None:
        self._stack.append(self._take(1)[0])

    def _int2(self) -> None:
        self._stack.append(int.from_bytes(self._take(2), "little"))

    def _int4(self) -> None:
        self._stack.append(int.from_bytes(self._take(4), "little", signed=True))

    def _long1(self) -> None:
        self._stack.append(int.from_bytes(self._sized(1), "little", signed=True))

    def _long4(self) -> None:
        start = self.position
        if int.from_bytes(self._take(4), "little") > MAX_INT_BYTES:
            raise _fault(f"holds a number of more than {MAX_INT_BYTES} bytes")
        self.position = start
        self._stack.append(int.from_bytes(self._sized(4), "little", signed=True))

    def _float(self) -> None:
        self._stack.append(struct.unpack(">d", self._take(8))[0])

    def _text4(self) -> None:
        self._stack.append(_decode(self._sized(4)))

    def _text8(self) -> None:
        self._stack.append(_decode(self._sized(8)))

    def _bytes1(self) -> None:
        self._stack.append(self._sized(1))

    def _bytes4(self) -> None:
        self._stack.append(self._sized(4))

    def _bytes8(self) -> None:
        self._stack.append(self._sized(8))

    # Python 2 daemons send their native strings as these: bytes in any encoding.
    def _native1(self) -> None:
        self._stack.append(self._sized(1).decode("utf-8", "surrogateescape"))

    def _native4(self) -> None:
        self._stack.append(self._sized(4).decode("utf-8", "surrogateescape"))

    def _text1(self) -> None:
        """Take a short text, and all short memoised texts that follow it: a list of log lines or ids."""
        self._stack.append(_decode(self._sized(1)))
        buffer = self.buffer
        end = self.position
        stack_append, memo_append = self._stack.append, self._memo.append
        while buffer[end : end + 2] == b"\x94\x8c":
            start = end + 3
            if start > len(buffer):
                break
            following = start + buffer[start - 1]
            # The last byte read must not be the buffer's last: it proves that the text is whole.
            if following >= len(buffer):
                break
            memo_append(self._stack[-1])
            stack_append(_decode(buffer[start:following]))
            end = following
        self.position = end

    # Containers

    def _mark(self) -> None:
        self._marks.append(len(self._stack))

    def _since_mark(self) -> list[object]:
        start = self._marks.pop()
        items = self._stack[start:]
        del self._stack[start:]
        return items

    def _empty_list(self) -> None:
        self._count_container()
        self._stack.append([])

    def _empty_dict(self) -> None:
        self._count_container()
        self._stack.append({})

    def _empty_set(self) -> None:
        self._count_container()
        self._stack.append(set())

    def _empty_tuple(self) -> None:
        self._stack.append(())

    def _append(self) -> None:
        item = self._pop()
        self._top(list).append(item)

    def _appends(self) -> None:
        items = self._since_mark()
        self._top(list).extend(items)

    def _set_item(self) -> None:
        value = self._pop()
        key = self._pop()
        _fill(self._top(dict), [key, value])

    def _set_items(self) -> None:
        items = self._since_mark()
        _fill(self._top(dict), items)

    def _add_items(self) -> None:
        items = self._since_mark()
        self._top(set).update(_keys(items))

    def _tuple(self) -> None:
        self._count_container()
        self._stack.append(tuple(self._since_mark()))

    def _tuple_of(self, count: int) -> None:
        self._count_container()
        self._guard_mark(count)
        items = tuple(self._stack[-count:])
        del self._stack[-count:]
        self._stack.append(items)

    def _tuple1(self) -> None:
        self._tuple_of(1)

    def _tuple2(self) -> None:
        self._tuple_of(2)

    def _tuple3(self) -> None:
        self._tuple_of(3)

    def _guard_mark(self, count: int) -> None:
        """Raise unless `count` values stand above the last mark."""
        if len(self._stack) - count < (self._marks[-1] if self._marks else 0):
            raise IndexError

    def _pop(self) -> object:
        self._guard_mark(1)
        return self._stack.pop()

    def _top(self, kind: type[_C]) -> _C:
        self._guard_mark(1)
        top = self._stack[-1]
        if type(top) is not kind:
            raise _fault(f"adds to something that is not a {kind.__name__}")
        return top

    # Memo

    def _remember(self, index: int) -> None:
        memo = self._memo
        if index >= len(memo):
            if index > len(memo) + MAX_MEMO_GAP:
                raise _fault(f"numbers a value {index}")
            memo.extend([_UNSET] * (index + 1 - len(memo)))
        self._guard_mark(1)
        memo[index] = self._stack[-1]

    def _put1(self) -> None:
        self._remember(self._take(1)[0])

    def _put4(self) -> None:
        self._remember(int.from_bytes(self._take(4), "little"))

    def _memoize(self) -> None:
        self._guard_mark(1)
        self._memo.append(self._stack[-1])

    def _recall(self, index: int) -> object:
        value = self._memo[index]
        if value is _TUPLE_OF_PREVIOUS:
            self._count_container()
            return (self._memo[index - 1],)
        if value is _UNSET:
            raise IndexError
        return value

    def _get1(self) -> None:
        value = self._recall(self._take(1)[0])
        self._stack.append(value)
        if type(value) is _Global and value.is_text:
            self._addresses()

    def _get4(self) -> None:
        self._stack.append(self._recall(int.from_bytes(self._take(4), "little")))

    def _addresses(self) -> None:
        """Take the run of addresses that begins with the `str` just pushed: most of every large reply.

        Does for each exactly what its seven opcodes would do one by one; an address that is not whole, or not
        written in this way, is left to them.
        """
        buffer = self.buffer
        position = self.position
        head = buffer[position - 2 : position] + b"\x8c"
        end_of_buffer = len(buffer)
        texts: list[str] = []
        position -= 2
        while buffer[position : position + 3] == head and position + 3 < end_of_buffer:
            following = position + 4 + buffer[position + 3]
            if buffer[following : following + 5] != _AFTER_ADDRESS:
                break
            texts.append(_decode(buffer[position + 4 : following]))
            position = following + 5
        if not texts:
            return
        self._stack.pop()
        self._stack.extend(texts)
        for text in texts:
            self._memo += (text, _TUPLE_OF_PREVIOUS, text)
        self.position = position

    # Names and objects

    def _global(self) -> None:
        module, end = self._line(self.position)
        name, end = self._line(end)
        self.position = end
        self._stack.append(_Global(module, name))

    def _stack_global(self) -> None:
        name = self._pop()
        module = self._pop()
        if type(module) is not str or type(name) is not str:
            raise _fault("names a class with something that is not text")
        if len(module) > MAX_LINE_BYTES or len(name) > MAX_LINE_BYTES:
            raise _fault("names a class with no end")
        self._stack.append(_Global(module, name))

    def _reduce(self) -> None:
        arguments = self._pop()
        called = self._pop()
        if type(called) is not _Global or type(arguments) is not tuple:
            raise _fault("calls something that is not a class")
        self._stack.append(self._made(called, arguments))

    def _made(self, called: _Global, arguments: tuple[object, ...]) -> object:
        if called.is_text:
            if len(arguments) != 1 or type(arguments[0]) is not str:
                raise _fault("makes a text from something that is not text")
            return arguments[0]
        self._count_container()
        if called.is_set:
            if len(arguments) != 1 or type(arguments[0]) is not list:
                raise _fault("makes a set from something that is not a list")
            return set(_keys(arguments[0]))
        return RemoteObject(called.module, called.name, arguments)

    def _build(self) -> None:
        state = self._pop()
        self._guard_mark(1)
        target = self._stack[-1]
        if type(target) is not RemoteObject:
            raise _fault("sets the state of something that is not an object")
        target.state = state


def _fault(what: str) -> Fail2BanProtocolError:
    return Fail2BanProtocolError(
        f"the daemon's reply cannot be decoded: it {what}",
        hint="Something else than fail2ban answers on this socket, or the reply was tampered with.",
    )


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        raise _fault("holds a text that is not UTF-8") from None


def _keys(items: list[object]) -> list[object]:
    """Return `items` when all may be hashed at once: hashing nested tuples would recurse as deep as they nest."""
    if not _KEY_TYPES.issuperset(map(type, items)):
        raise _fault("uses something as a key that is not a plain value")
    return items


def _fill(target: dict[object, object], items: list[object]) -> None:
    if len(items) % 2:
        raise _fault("holds a key without a value")
    target.update(zip(_keys(items[::2]), items[1::2], strict=True))


def _opcode_table() -> list[Callable[[PickleReader], None]]:
    reader = PickleReader
    table: list[Callable[[PickleReader], None]] = [reader._refuse] * 256
    known: dict[int, Callable[[PickleReader], None]] = {
        0x80: reader._protocol,
        0x95: reader._frame,
        ord("."): reader._stop,
        ord("N"): reader._none,
        0x88: reader._true,
        0x89: reader._false,
        ord("K"): reader._int1,
        ord("M"): reader._int2,
        ord("J"): reader._int4,
        0x8A: reader._long1,
        0x8B: reader._long4,
        ord("G"): reader._float,
        _SHORT_TEXT: reader._text1,
        ord("X"): reader._text4,
        0x8D: reader._text8,
        ord("C"): reader._bytes1,
        ord("B"): reader._bytes4,
        0x8E: reader._bytes8,
        ord("U"): reader._native1,
        ord("T"): reader._native4,
        ord("("): reader._mark,
        ord("]"): reader._empty_list,
        ord("}"): reader._empty_dict,
        0x8F: reader._empty_set,
        ord(")"): reader._empty_tuple,
        ord("a"): reader._append,
        ord("e"): reader._appends,
        ord("s"): reader._set_item,
        ord("u"): reader._set_items,
        0x90: reader._add_items,
        ord("t"): reader._tuple,
        0x85: reader._tuple1,
        0x86: reader._tuple2,
        0x87: reader._tuple3,
        ord("q"): reader._put1,
        ord("r"): reader._put4,
        _MEMOIZE: reader._memoize,
        _BINGET: reader._get1,
        ord("j"): reader._get4,
        ord("c"): reader._global,
        0x93: reader._stack_global,
        ord("R"): reader._reduce,
        ord("b"): reader._build,
    }
    for opcode, handler in known.items():
        table[opcode] = handler
    return table


_OPCODES = _opcode_table()
