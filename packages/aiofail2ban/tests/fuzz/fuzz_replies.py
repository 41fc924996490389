"""Fuzzes the reading of replies, starting from captured ones.

The rule, for any bytes at all:

1. Reading ends in replies, in "not yet", or in `Fail2BanProtocolError`; nothing else is raised.
2. It does so in the same way whether the bytes come whole, in two pieces, or one at a time.
3. What comes out is plain values, `RemoteObject`s and, in success replies, the one `RemoteClass` there is; and each
   reply is one of the three shapes.
4. Nothing is imported, opened, executed or started meanwhile.
5. Where Python's own unpickler, with every name replaced by a harmless stand-in, reads the same bytes, it reads the
   same values.

    python fuzz_replies.py --seconds 20
    python fuzz_replies.py --seconds 3600 --engine random --seed 7

The engine is atheris (libFuzzer, guided by coverage) where it is installed, else random mutation, which finds less.
What broke the rule is written to a file whose name is printed; `python fuzz_replies.py FILE` tries it again.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import importlib.util
import io
import os
import pickle
import pickletools
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

atheris: Any = importlib.import_module("atheris") if importlib.util.find_spec("atheris") else None

# Guidance by coverage needs the library to be instrumented while it is imported.
with atheris.instrument_imports(include=["aiofail2ban"]) if atheris else contextlib.nullcontext():
    from aiofail2ban import Fail2BanProtocolError, RemoteClass, RemoteObject, ReplyReader
    from aiofail2ban._encode import END_MARKER

SEEDS = Path(__file__).parent.parent / "data" / "replies"
MAX_LENGTH = 4096
# What random bytes would take long to hit upon.
WORDS = (
    *(END_MARKER.decode(), "ERROR: ", "builtins", "__builtin__", "exceptions", "ValueError", "str", "set"),
    *("re", "_compile", "fail2ban.server.action", "CommandAction"),
)

FORBIDDEN = frozenset({"import", "open", "exec", "compile", "os", "subprocess", "socket", "ctypes", "pickle"})


class Guard:
    """Raises for anything that reading a reply has no business to do (rule 4)."""

    def __init__(self) -> None:
        self.is_reading = False
        sys.addaudithook(self._hear)

    def __enter__(self) -> None:
        self.is_reading = True

    def __exit__(self, *error: object) -> None:
        self.is_reading = False

    def _hear(self, event: str, arguments: tuple[object, ...]) -> None:
        if self.is_reading and event.partition(".")[0] in FORBIDDEN:
            raise AssertionError(f"reading a reply caused {event}: {arguments!r}")


def check(data: bytes, guard: Guard) -> None:
    """Raise when `data` breaks the rule."""
    middle = len(data) // 2
    with guard:
        whole = read([data])
        halves = read([data[:middle], data[middle:]])
        single = read([data[at : at + 1] for at in range(len(data))]) if len(data) < 512 else whole
    assert repr(whole) == repr(halves) == repr(single), (whole, halves, single)
    replies, ending = whole
    for reply in replies:
        check_shape(reply)
    if replies and ending == "idle":
        # Only what we accepted as a whole: the other unpickler has no limits of its own.
        other = read_as_python_does(data)
        assert other is None or repr(replies) == repr(other), (replies, other)


def read(pieces: list[bytes]) -> tuple[list[Any], str]:
    reader = ReplyReader()
    replies: list[Any] = []
    try:
        for piece in pieces:
            replies.extend(reader.feed(piece))
    except Fail2BanProtocolError:
        # Which of two faults shows first may depend on the pieces; that there is one does not.
        return replies, "error"
    return replies, "idle" if reader.is_idle else "not yet"


def check_shape(reply: object) -> None:
    if isinstance(reply, str):
        assert reply.startswith("ERROR: ")
        return
    assert type(reply) is tuple
    code, value = reply
    assert type(code) is int
    check_plain(value, may_name=code == 0)


def check_plain(value: object, *, may_name: bool) -> None:
    match value:
        case list() | tuple() | set():
            for item in value:
                check_plain(item, may_name=may_name)
        case dict():
            for key, item in value.items():
                assert key is None or isinstance(key, (str, int, float, bytes))
                check_plain(item, may_name=may_name)
        case RemoteObject():
            check_plain(value.args, may_name=may_name)
            check_plain(value.state, may_name=may_name)
        case RemoteClass():
            assert may_name
            assert (value.module, value.name) == ("fail2ban.server.action", "CommandAction")
        case _:
            assert value is None or type(value) in {str, int, float, bool, bytes}, type(value)


# Python's own unpickler, tamed


class StandIn(RemoteObject):
    """What a call of a name gives: setting a state changes nothing but this."""

    def __setstate__(self, state: object) -> None:
        self.state = state


class NameStandIn(RemoteClass):
    """What a name stands for."""

    def __call__(self, *arguments: object) -> StandIn:
        return StandIn(self.module, self.name, arguments)


def text_of(text: object) -> str:
    if type(text) is not str:
        raise pickle.UnpicklingError("not a text")
    return text


class TamedUnpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        match module, name:
            case (("builtins" | "__builtin__"), ("str" | "unicode")):
                return text_of
            case (("builtins" | "__builtin__"), "set"):
                return set
        return NameStandIn(module, name)


def read_as_python_does(data: bytes) -> list[Any] | None:
    """Return the same replies, or None where Python refuses what we accept."""
    replies = []
    while data:
        try:
            body, data = cut_behind_pickle(data)
            replies.append(TamedUnpickler(io.BytesIO(body), encoding="utf-8", errors="surrogateescape").load())
        except (pickle.UnpicklingError, EOFError, ValueError, TypeError, IndexError, KeyError, OverflowError):
            return None
        if not data.startswith(END_MARKER):
            return None
        data = data[len(END_MARKER) :]
    return replies


def cut_behind_pickle(data: bytes) -> tuple[bytes, bytes]:
    """Return the pickle without its frames, and what follows it.

    Frames are a hint for reading ahead, and we skip them; Python goes astray, in silence, behind one of a wrong length.
    """
    places = [(opcode.name, at) for opcode, _, at in pickletools.genops(data) if at is not None]
    end = places[-1][1] + 1
    starts = [at for _, at in places]
    pieces = zip(places, [*starts[1:], end], strict=True)
    return b"".join(data[at:following] for (name, at), following in pieces if name != "FRAME"), data[end:]


# Engines


def seeds() -> list[bytes]:
    captured = [path.read_bytes() for path in sorted(SEEDS.glob("*.bin"))]
    return [data for data in captured if len(data) <= MAX_LENGTH]


def run_with_atheris(seconds: float) -> int:
    """Fuzz in a process of its own, which the engine ends at once; return its exit status."""
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        child = os.fork()
        if not child:
            fuzz_with_atheris(seconds, Path(folder))
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def fuzz_with_atheris(seconds: float, folder: Path) -> None:
    corpus, start, words = folder / "corpus", folder / "seeds", folder / "words"
    corpus.mkdir()
    start.mkdir()
    for number, data in enumerate(seeds()):
        (start / f"{number}").write_bytes(data)
    words.write_text("".join(f'"{word}"\n' for word in WORDS))
    options = [
        f"-max_total_time={max(1, round(seconds))}",
        f"-max_len={MAX_LENGTH}",
        f"-dict={words}",
        "-timeout=20",
        "-rss_limit_mb=1500",
        f"-artifact_prefix={tempfile.gettempdir()}/fuzz-replies-",
    ]
    guard = Guard()
    atheris.Setup([sys.argv[0], *options, str(corpus), str(start)], lambda data: check(data, guard))
    atheris.Fuzz()


def run_with_random_mutation(seconds: float, seed: int) -> int:
    guard = Guard()
    choose = random.Random(seed)
    pool = seeds()
    end = time.monotonic() + seconds
    runs = 0
    while time.monotonic() < end:
        data = pool[runs] if runs < len(pool) else mutated(choose, pool)
        try:
            check(data, guard)
        except BaseException:
            file = Path(tempfile.gettempdir(), f"fuzz-replies-{seed}-{runs}")
            file.write_bytes(data)
            say(f"the rule is broken by the bytes in {file}")
            raise
        runs += 1
    say(f"random mutation, seed {seed}: {runs} inputs from {len(pool)} seeds, the rule holds")
    return 0


def mutated(choose: random.Random, pool: list[bytes]) -> bytes:
    data = bytearray(choose.choice(pool))
    for _ in range(choose.randint(1, 6)):
        at = choose.randrange(len(data) + 1)
        other = choose.choice(pool)
        start = choose.randrange(len(other) + 1)
        match choose.randrange(7):
            case 0:
                data[at : at + 1] = choose.randbytes(1)
            case 1:
                del data[at : at + choose.randint(1, 20)]
            case 2:
                data[at:at] = choose.randbytes(choose.randint(1, 8))
            case 3:
                data[at:at] = other[start : start + choose.randint(1, 60)]
            case 4:
                data[at:at] = data[at : at + choose.randint(1, 40)] * choose.randint(1, 4)
            case 5:
                data[at : at + 4] = choose.choice([b"\xff\xff\xff\xff", b"\x00\x00\x00\x80", b"\x00\x00\x00\x00"])
            case 6:
                data[at:at] = choose.choice(WORDS).encode()
    return bytes(data[:MAX_LENGTH])


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Fuzz the reading of replies.")
    parser.add_argument("--seconds", type=float, default=20.0, help="how long to run")
    parser.add_argument("--engine", choices=["atheris", "random"], help="default: atheris where it is installed")
    parser.add_argument("--seed", type=int, default=0, help="of the random engine")
    parser.add_argument("file", nargs="?", type=Path, help="try only the bytes in this file")
    options = parser.parse_args(arguments)
    if options.file is not None:
        check(options.file.read_bytes(), Guard())
        say("the rule holds")
        return 0
    engine = options.engine or ("atheris" if atheris else "random")
    say(f"engine: {engine}{'' if atheris else ' (atheris is not installed)'}, for {options.seconds:g} s")
    if engine == "random":
        return run_with_random_mutation(options.seconds, options.seed)
    return run_with_atheris(options.seconds)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
