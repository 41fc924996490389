"""Classic attacks on programs that read pickles, each on its own, inside a success reply and inside an error reply.

The rule: decoding ends in `Fail2BanProtocolError`, or, for something named like an exception inside an error reply,
in an inert object. It imports nothing, opens nothing, starts nothing, and takes bounded time and memory. That is
watched from inside a process of its own, which is this file run as a program.
"""

from __future__ import annotations

import copyreg
import json
import pickle
import resource
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice, repeat

import pytest

from aiofail2ban import Fail2BanProtocolError, RemoteObject, ReplyReader
from aiofail2ban._encode import END_MARKER

PIECE = 256 * 1024
ENOUGH = 80 * 1024 * 1024

# What such attacks call, and with what.
CALLS: list[tuple[str, str, tuple[object, ...]]] = [
    ("os", "system", ("touch pwned",)),
    ("posix", "system", ("touch pwned",)),
    ("nt", "system", ("touch pwned",)),
    ("os", "popen", ("touch pwned",)),
    ("os", "execv", ("/bin/sh", ["sh"])),
    ("subprocess", "Popen", (["touch", "pwned"],)),
    ("subprocess", "call", (["touch", "pwned"],)),
    ("subprocess", "check_output", (["touch", "pwned"],)),
    ("commands", "getoutput", ("touch pwned",)),
    ("pty", "spawn", ("/bin/sh",)),
    ("builtins", "eval", ("open('pwned', 'w')",)),
    ("builtins", "exec", ("open('pwned', 'w')",)),
    ("builtins", "compile", ("1", "x", "eval")),
    ("builtins", "open", ("pwned", "w")),
    ("builtins", "getattr", ("x", "__class__")),
    ("builtins", "__import__", ("os",)),
    ("builtins", "type", ("x", (), {})),
    ("builtins", "bytearray", (2**40,)),
    ("builtins", "range", (2**40,)),
    ("builtins", "ValueError.__init__.__globals__", ()),
    ("__builtin__", "eval", ("open('pwned', 'w')",)),
    ("__builtin__", "apply", ("x",)),
    ("__main__", "PASSWORD", ()),
    ("importlib", "import_module", ("antigravity",)),
    ("importlib.machinery", "SourceFileLoader", ("x", "pwned.py")),
    ("runpy", "run_path", ("pwned.py",)),
    ("code", "interact", ()),
    ("pickle", "loads", (b"cos\nsystem\n(S'id'\ntR.",)),
    ("_pickle", "loads", (b"cos\nsystem\n(S'id'\ntR.",)),
    ("marshal", "loads", (b"N",)),
    ("copyreg", "_reconstructor", ("x", "y", None)),
    ("copy_reg", "_reconstructor", ("x", "y", None)),
    ("operator", "attrgetter", ("system",)),
    ("operator", "methodcaller", ("system", "id")),
    ("functools", "partial", ("x",)),
    ("types", "FunctionType", ("x", {})),
    ("types", "CodeType", (0,)),
    ("ctypes", "CDLL", ("libc.so.6",)),
    ("socket", "create_connection", (("192.0.2.1", 80),)),
    ("shutil", "rmtree", ("/nowhere",)),
    ("sys", "exit", (1,)),
    ("sys.modules", "clear", ()),
    ("logging.config", "_resolve", ("os.system",)),
    ("webbrowser", "open", ("http://192.0.2.1",)),
    ("_codecs", "encode", ("x", "latin1")),
    ("codecs", "decode", (b"x", "zlib")),
    ("builtins", "str", (b"x", "zlib")),
    ("builtins", "str", (b"x", "idna")),
    ("builtins", "str", (b"x", "antigravity")),
    ("builtins", "str", (5,)),
    ("builtins", "bytes", (2**40,)),
    ("builtins", "set", (5,)),
    ("builtins", "object", ()),
    ("collections", "namedtuple", ("x", "y")),
    ("fail2ban.server.utils", "Utils.executeCmd", ("touch pwned",)),
    ("re", "_compile", ("(a+)+$", 0)),
]


def value(of: object, protocol: int = 4) -> bytes:
    """The opcodes that push a plain value."""
    return pickle.dumps(of, protocol)[2:-1]


def text(of: str) -> bytes:
    return b"X" + struct.pack("<I", len(of.encode())) + of.encode()


def name_lines(module: str, name: str) -> bytes:
    return f"c{module}\n{name}\n".encode()


def calls(module: str, name: str, args: tuple[object, ...]) -> Iterator[tuple[str, bytes]]:
    """Every way in which a pickle can have a named thing called."""
    packed = b"(" + b"".join(value(item, 3) for item in args) + b"t"
    named = {"GLOBAL": name_lines(module, name), "STACK_GLOBAL": text(module) + text(name) + b"\x93"}
    for kind, global_ in named.items():
        yield f"{kind} REDUCE", global_ + packed + b"R"
        yield f"{kind} NEWOBJ", global_ + packed + b"\x81"
        yield f"{kind} NEWOBJ_EX", global_ + packed + b"}\x92"
        yield f"{kind} OBJ", b"(" + global_ + packed[1:-1] + b"o"
        yield f"{kind} BUILD", global_ + value({"__setstate__": "x"}) + b"b"
        yield f"{kind} BUILD slots", global_ + b"N}" + text("__dict__") + b"}s\x86b"
        yield f"{kind} alone", global_
    yield "INST", packed[:-1] + f"i{module}\n{name}\n".encode()
    if args and isinstance(args[0], str):
        quoted = f"S{args[0]!r}\n".encode()
        yield "protocol 0", name_lines(module, name) + b"p0\n(" + quoted + b"p1\ntp2\nRp3\n"
        yield (
            "protocol 1",
            name_lines(module, name) + b"q\x00(U" + bytes([len(args[0])]) + args[0].encode() + b"q\x01tR",
        )


def laughs(levels: int) -> bytes:
    return b"".join(b"]\x94(" + (b"h" + bytes([level])) * 10 + b"e" for level in range(levels)) + b"\x87"


ODDS_AND_ENDS = {
    "dotted name": text("builtins") + text("str.format") + b"\x93" + b"(" + text("x") + b"tR",
    "name that is no text": text("builtins") + b"K\x01\x93",
    "module that is no text": b"N" + text("str") + b"\x93",
    "name that is a list": b"]" + b"]" + b"\x93",
    "EXT1": b"\x82\x42" + b"(" + text("id") + b"tR",
    "EXT2": b"\x83\x42\x00" + b"(" + text("id") + b"tR",
    "EXT4": b"\x84\x42\x00\x00\x00" + b"(" + text("id") + b"tR",
    "PERSID": b"Pos.system\n",
    "BINPERSID": text("os.system") + b"Q",
    "NEXT_BUFFER": b"\x97",
    "READONLY_BUFFER": b"\x97\x98",
    "BYTEARRAY8": b"\x96" + struct.pack("<Q", 3) + b"abc",
    "FROZENSET": b"(K\x01\x91",
    "LONG of many digits": b"L" + b"9" * 10_000 + b"L\n",
    "INT of many digits": b"I" + b"9" * 10_000 + b"\n",
    "FLOAT text": b"F1e999\n",
    "UNICODE escape": b"V\\u0041\n",
    "STRING escape": b"S'\\x41'\n",
    "DUP": b"N2",
    "POP": b"NN0",
    "POP below a mark": b"N(0",
    "POP_MARK": b"N(N1",
    "POP_MARK twice": b"N(1(1",
    "marks left open": b"((((N",
    "marks closed twice": b"(N(Nttt",
    "list of a list itself": b"]\x94h\x00a",
    "dict of itself": b"}\x94K\x00h\x00s",
    "tuple of a list of the tuple": b"]\x94h\x00\x85\x94h\x01a0h\x01",
    "state of itself": name_lines("x", "Error") + b")R\x94h\x00b",
    "state that refers back": name_lines("x", "Error") + b")R\x94](h\x00eb",
    "argument that is its own class": name_lines("x", "Error") + b"\x94(h\x00tR",
    "list as a dict key": b"}(]Nu",
    "tuple as a dict key": b"}()Nu",
    "tuple in a set": b"\x8f()\x90",
    "class in a set": b"\x8f(" + name_lines("builtins", "str") + b"\x90",
    "class as a dict key": b"}(" + name_lines("builtins", "str") + b"Nu",
    "class as a dict value": b"}(N" + name_lines("builtins", "str") + b"u",
    "class as an argument": name_lines("x", "Error") + name_lines("builtins", "str") + b"\x85R",
    "object in an object": name_lines("x", "Error") + name_lines("os", "system") + b"(" + text("id") + b"tR\x85R",
    "result called again": name_lines("x", "Error") + b")R)R",
    "text called": text("x") + b")R",
    "argument that is no tuple": name_lines("x", "Error") + b"]R",
    "memo before it is set": b"h\x05",
    "memo bomb": b"Nr" + struct.pack("<I", 2**32 - 1),
    "memo bomb in steps": b"N" + b"".join(b"r" + struct.pack("<I", 50_000 * step) for step in range(1, 50)),
    "laughs": b"]\x94(" + b"N" * 10 + b"e" + laughs(9),
    "laughs of tuples": b"()()()()()t\x94" + b"".join(b"(" + b"h" + bytes([n]) * 5 + b"t\x94" for n in range(9)),
    "huge number as a key": b"}(\x8a\x10" + b"\xff" * 15 + b"\x01Nu",
}

LIGHT = [(f"{module}.{name} {kind}", body) for module, name, args in CALLS for kind, body in calls(module, name, args)]
LIGHT += list(ODDS_AND_ENDS.items())
PROTOCOLS = {"no header": b"", "protocol 2": b"\x80\x02", "protocol 5": b"\x80\x05"}


def placed(body: bytes) -> Iterator[tuple[str, bytes]]:
    for name, header in PROTOCOLS.items():
        yield f"alone, {name}", header + body + b"." + END_MARKER
        yield f"in a success reply, {name}", header + b"K\x00" + body + b"\x86." + END_MARKER
        yield f"in an error reply, {name}", header + b"K\x01" + body + b"\x86." + END_MARKER
        yield f"deep in a reply, {name}", header + b"K\x00](K\x01}" + text("x") + body + b"s" + b"e\x86." + END_MARKER
        framed = body + b"."
        yield f"framed, {name}", header + b"\x95" + struct.pack("<Q", len(framed)) + framed + END_MARKER


def is_refused(data: bytes) -> bool:
    reader = ReplyReader()
    try:
        replies = list(reader.feed(data))
    except Fail2BanProtocolError:
        return True
    # Not refused can also mean that it is not whole yet, and never will be.
    return not replies


@pytest.mark.parametrize(("name", "body"), LIGHT, ids=[name for name, _ in LIGHT])
def test_a_classic_attack_is_refused_wherever_it_stands(name: str, body: bytes) -> None:
    for place, data in placed(body):
        assert is_refused(data), place


@pytest.mark.parametrize(("name", "body"), LIGHT[::7], ids=[name for name, _ in LIGHT[::7]])
def test_a_classic_attack_cut_anywhere_is_refused_or_waits_for_more(name: str, body: bytes) -> None:
    for _, data in placed(body[:600]):
        for end in range(len(data)):
            assert is_refused(data[:end])


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("builtins", "ValueError"),
        ("exceptions", "StandardError"),
        ("fail2ban.exceptions", "UnknownJailException"),
        ("sqlite3", "OperationalError"),
        ("subprocess", "TimeoutExpired"),
        ("re", "error"),
        ("socket", "timeout"),
        ("socket", "gaierror"),
        ("custom.action", "Boom"),
        ("custom.action", "Outer._Boom"),
    ],
)
def test_what_is_named_like_an_exception_is_an_inert_object_in_an_error_reply(module: str, name: str) -> None:
    body = name_lines(module, name) + b"(" + text("touch pwned") + b"tR" + value({"x": 1}) + b"b"
    (reply,) = ReplyReader().feed(b"\x80\x04K\x01" + body + b"\x86." + END_MARKER)
    assert reply == (1, RemoteObject(module, name, ("touch pwned",), {"x": 1}))
    assert is_refused(b"\x80\x04K\x00" + body + b"\x86." + END_MARKER)


# Attacks on time and memory, as endless streams


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


@pytest.mark.slow
@pytest.mark.parametrize("name", HEAVY)
def test_an_attack_on_time_and_memory_ends_soon(name: str) -> None:
    outcome = run_guarded(name)
    assert outcome.is_refused
    assert outcome.events == []
    assert outcome.new_modules == []
    # A reply of a million bans takes a few hundred megabytes, and its decoding a second.
    assert outcome.megabytes < 700
    assert outcome.seconds < 25


def test_decoding_attacks_imports_nothing_opens_nothing_and_starts_nothing() -> None:
    outcome = run_guarded("light")
    assert outcome.is_refused
    assert outcome.events == []
    assert outcome.new_modules == []
    assert outcome.megabytes < 50


def test_the_guard_would_notice() -> None:
    outcome = run_guarded("harmless but real")
    assert "os.listdir" in outcome.events
    assert "colorsys" in outcome.new_modules


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an attack had done to the process it ran in."""

    is_refused: bool
    events: list[str]
    new_modules: list[str]
    megabytes: int
    seconds: float


def run_guarded(name: str) -> Outcome:
    done = subprocess.run([sys.executable, __file__, name], capture_output=True, check=True, timeout=110)
    return Outcome(**json.loads(done.stdout))


# The process of its own


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


def attack(name: str) -> bool:
    if name == "light":
        return all(is_refused(data) for _, body in LIGHT for _, data in placed(body))
    if name == "harmless but real":
        pickle.loads(b"cos\nlistdir\n(S'/'\ntR.")
        pickle.loads(b"ccolorsys\nrgb_to_hls\n.")
        return False
    return is_stream_refused(HEAVY[name]())


def run_watched(name: str) -> Outcome:
    copyreg.add_extension("os", "system", 0x42)
    events: list[str] = []
    is_watching = True

    def watch(event: str, args: tuple[object, ...]) -> None:
        if is_watching:
            events.append(event)

    before_modules = set(sys.modules)
    before_kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sys.addaudithook(watch)
    start = time.process_time()
    refused = attack(name)
    seconds = time.process_time() - start
    is_watching = False
    return Outcome(
        is_refused=refused,
        events=sorted(set(events)),
        new_modules=sorted(set(sys.modules) - before_modules),
        megabytes=(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kilobytes) // 1024,
        seconds=seconds,
    )


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(run_watched(sys.argv[1]))))
