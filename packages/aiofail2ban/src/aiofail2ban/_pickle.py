"""Reads one pickle that a daemon sent, in a closed world, as its bytes arrive.

A pickle is a program, and fail2ban's replies carry text that attackers wrote. So this is not Python's unpickler
with a filter in front but a reader of our own that knows the opcodes of plain values and nothing else. It never
imports, calls or instantiates what a reply names: `str`, which wraps every address, gives its text back; `set`
makes a set of plain values; any other name becomes an inert `RemoteClass`, and a call of it an inert `RemoteObject`.
`_values` decides which of those a reply may hold. Whatever it does not know ends in `Fail2BanProtocolError`.

It also finds the end of the pickle, which is the only sound way to find the end of a reply: the end marker may
stand inside a text. `_pickle_bytes` holds the bytes, `_pickle_stack` the values; here are the opcodes.

Invariants: an opcode changes nothing before all its bytes are there; a reader that failed is never fed again.
Why not the standard library's: docs/decisions/0002-own-pickle-reader.md.
"""

from __future__ import annotations

import struct
from collections.abc import Callable

from ._pickle_bytes import MAX_LINE_BYTES, MAX_REPLY_BYTES, NeedsMore, PickleBytes, decode_text, fault
from ._pickle_stack import TUPLE_OF_PREVIOUS, PickleStack, checked_keys, fill_dict
from ._values import RemoteClass, RemoteObject

# Time stamps and counters need 9 bytes; turning thousands of digits into text takes quadratic time.
MAX_INT_BYTES = 255

_SHORT_TEXT = 0x8C
# What the daemon writes around each address: a GET of `str`, SHORT_BINUNICODE; then MEMOIZE, TUPLE1, MEMOIZE,
# REDUCE, MEMOIZE.
_AFTER_ADDRESS = b"\x94\x85\x94R\x94"


class _Maker:
    """Stands on the stack for one of the two classes whose calls give a plain value; no value by itself."""


_TEXT = _Maker()
_SET = _Maker()
_MAKERS = {
    (module, name): maker
    for module in ("builtins", "__builtin__")
    for name, maker in (("str", _TEXT), ("unicode", _TEXT), ("set", _SET))
}


class PickleReader(PickleBytes, PickleStack):
    """Decodes pickles of plain values, one after the other, from bytes that arrive in pieces.

    `feed` returns True once a pickle is complete; `buffer[position:]` is then what came behind it, and `take_value`
    gives its value. Raises `Fail2BanProtocolError` for anything but a plain value.
    """

    def __init__(self, max_bytes: int = MAX_REPLY_BYTES) -> None:
        PickleBytes.__init__(self, max_bytes)
        PickleStack.__init__(self)
        self._is_done = False

    def take_value(self) -> tuple[object, int]:
        """Return the value of the complete pickle and its size in bytes; the reader is then ready for the next."""
        value = self._stack[0]
        self._forget_values()
        self._is_done = False
        return value, self._forget()

    def _run(self) -> int:
        buffer = self.buffer
        length = len(buffer)
        start = self.position
        missing = 0
        try:
            while not self._is_done:
                start = self.position
                if start >= length:
                    missing = 1
                    break
                self.position = start + 1
                _OPCODES[buffer[start]](self)
        except NeedsMore as shortage:
            self.position = start
            missing = max(1, shortage.count - (length - start - 1))
        except IndexError:
            raise fault("uses a value that is not there") from None
        self._check_values()
        return missing

    # Frame and end

    def _protocol(self) -> None:
        version = self._take(1)[0]
        if not 2 <= version <= 5:
            raise fault(f"is a pickle of protocol {version}")

    def _frame(self) -> None:
        announced = int.from_bytes(self._take(8), "little")
        if announced > self._max_bytes:
            raise fault(f"announces {announced} bytes")

    def _stop(self) -> None:
        if len(self._stack) != 1 or self._marks:
            raise fault("ends in the middle of a value")
        self._is_done = True

    def _refuse(self) -> None:
        raise fault(f"uses opcode 0x{self.buffer[self.position - 1]:02x}, which no plain value needs")

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
            raise fault(f"holds a number of more than {MAX_INT_BYTES} bytes")
        self.position = start
        self._stack.append(int.from_bytes(self._sized(4), "little", signed=True))

    def _float(self) -> None:
        self._stack.append(struct.unpack(">d", self._take(8))[0])

    def _text4(self) -> None:
        self._stack.append(decode_text(self._sized(4)))

    def _text8(self) -> None:
        self._stack.append(decode_text(self._sized(8)))

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
        self._stack.append(decode_text(self._sized(1)))
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
            stack_append(decode_text(buffer[start:following]))
            end = following
        self.position = end

    # Containers

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
        self._contained += 1

    def _appends(self) -> None:
        items = self._since_mark()
        self._top(list).extend(items)

    def _set_item(self) -> None:
        items = list(self._last(2))
        fill_dict(self._top(dict), items)

    def _set_items(self) -> None:
        items = self._since_mark()
        fill_dict(self._top(dict), items)

    def _add_items(self) -> None:
        items = self._since_mark()
        self._top(set).update(checked_keys(items))

    def _tuple(self) -> None:
        self._count_container()
        self._stack.append(tuple(self._since_mark()))

    def _tuple1(self) -> None:
        self._count_container()
        self._stack.append(self._last(1))

    def _tuple2(self) -> None:
        self._count_container()
        self._stack.append(self._last(2))

    def _tuple3(self) -> None:
        self._count_container()
        self._stack.append(self._last(3))

    # Memo

    def _put1(self) -> None:
        self._remember(self._take(1)[0])

    def _put4(self) -> None:
        self._remember(int.from_bytes(self._take(4), "little"))

    def _memoize(self) -> None:
        self._guard_mark(1)
        self._memo.append(self._stack[-1])

    def _get1(self) -> None:
        self._get(self._take(1)[0], 2)

    def _get4(self) -> None:
        self._get(int.from_bytes(self._take(4), "little"), 5)

    def _get(self, index: int, width: int) -> None:
        value = self._recall(index)
        self._stack.append(value)
        if value is _TEXT:
            self._addresses(width)

    def _addresses(self, width: int) -> None:
        """Take the run of addresses that begins with the `str` just pushed: most of every large reply.

        Does for each exactly what its seven opcodes would do one by one; an address that is not whole, or not
        written in this way, is left to them. `width` is the number of bytes that pushed the `str`.
        """
        buffer = self.buffer
        end_of_buffer = len(buffer)
        position = self.position - width
        head = buffer[position : self.position] + bytes([_SHORT_TEXT])
        width += 1
        texts: list[str] = []
        while buffer[position : position + width] == head and position + width < end_of_buffer:
            start = position + width + 1
            following = start + buffer[start - 1]
            if buffer[following : following + 5] != _AFTER_ADDRESS:
                break
            texts.append(decode_text(buffer[start:following]))
            position = following + 5
        if not texts:
            return
        self._stack.pop()
        self._stack.extend(texts)
        for text in texts:
            self._memo += (text, TUPLE_OF_PREVIOUS, text)
        self.position = position

    # Names and objects

    def _global(self) -> None:
        module, name = self._lines()
        self._push_class(module, name)

    def _stack_global(self) -> None:
        module, name = self._last(2)
        if type(module) is not str or type(name) is not str:
            raise fault("names a class with something that is not text")
        if len(module) > MAX_LINE_BYTES or len(name) > MAX_LINE_BYTES:
            raise fault("names a class with no end")
        self._push_class(module, name)

    def _push_class(self, module: str, name: str) -> None:
        self._count_container()
        self._stack.append(_MAKERS.get((module, name)) or RemoteClass(module, name))

    def _reduce(self) -> None:
        called, arguments = self._last(2)
        if type(arguments) is not tuple:
            raise fault("calls a class with something that is not arguments")
        if called is _TEXT:
            self._stack.append(_made_text(arguments))
        elif called is _SET:
            self._stack.append(self._made_set(arguments))
        elif type(called) is RemoteClass:
            self._count_container()
            self._stack.append(RemoteObject(called.module, called.name, arguments))
        else:
            raise fault("calls something that is not a class")

    def _made_set(self, arguments: tuple[object, ...]) -> set[object]:
        self._count_container()
        if len(arguments) != 1 or type(arguments[0]) is not list:
            raise fault("makes a set from something that is not a list")
        # A copy, and the same list may be copied again and again.
        self._contained += len(arguments[0])
        self._check_values()
        return set(checked_keys(arguments[0]))

    def _build(self) -> None:
        state = self._pop()
        self._guard_mark(1)
        target = self._stack[-1]
        if type(target) is not RemoteObject:
            raise fault("sets the state of something that is not an object")
        target.state = state


def _made_text(arguments: tuple[object, ...]) -> str:
    if len(arguments) != 1 or type(arguments[0]) is not str:
        raise fault("makes a text from something that is not text")
    return arguments[0]


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
        0x94: reader._memoize,
        ord("h"): reader._get1,
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
