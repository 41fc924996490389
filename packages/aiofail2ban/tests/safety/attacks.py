"""Classic attacks on programs that read pickles, as opcodes, and the places in a reply where they may stand."""

from __future__ import annotations

import pickle
import struct
from collections.abc import Iterator

from aiofail2ban import Fail2BanProtocolError, ReplyReader
from aiofail2ban._encode import END_MARKER

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
    ("re", "compile", ("(a+)+$", 0)),
    ("re", "_compile", ("(a+)+$",)),
    ("re", "_compile", (b"(a+)+$", 0)),
    ("re", "_compile", ("(a+)+$", 0, "x")),
    ("sre_compile", "compile", ("(a+)+$", 0)),
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


# What a success reply may name, and an error reply may not: it comes out as a stand-in, or a daemon never sends it.
KNOWN = {
    "class of an action": name_lines("fail2ban.server.action", "CommandAction"),
    "compiled pattern": name_lines("re", "_compile") + b"(" + text("(a+)+$") + b"K\x20tR",
    "pattern that cannot be compiled": name_lines("re", "_compile") + b"(" + text("((((") + b"J\xff\xff\xff\xfftR",
}


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
