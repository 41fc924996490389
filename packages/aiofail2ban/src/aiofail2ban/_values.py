"""What may come out of a reply: plain values, and inert stand-ins for the daemon's own objects."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from .errors import Fail2BanProtocolError

# Deeper than any reply (`status --all` nests six deep); bounds every recursion over a decoded value.
MAX_DEPTH = 32
# A second's walk. The largest replies hold long lists of texts and few containers.
MAX_CONTAINERS = 2_000_000
# Twice what a reply may hold: some values, such as a pair of zeros, may stand in several places.
MAX_UNFOLDED = 10_000_000

_SCALARS = frozenset({str, int, float, bool, bytes, type(None)})


class RemoteClass:
    """A class of the daemon's itself, as data: its module and its name. Nothing is imported to make one.

    Only one ever comes out of a reply: `RemoteClass("fail2ban.server.action", "CommandAction")`, the `__class__` of
    an action.
    """

    # By hand: a dataclass costs a command line 0.4 ms of its start.
    __slots__ = ("module", "name")

    def __init__(self, module: str, name: str) -> None:
        self.module = module
        self.name = name

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RemoteClass):
            return NotImplemented
        return (self.module, self.name) == (other.module, other.name)

    def __hash__(self) -> int:
        return hash((self.module, self.name))

    def __repr__(self) -> str:
        return f"<class {self.module}.{self.name}>"


@dataclass(slots=True, repr=False)
class RemoteObject:
    """An object of a class of the daemon's, as data: where its class lives, what it was made from, its state.

    Nothing is imported or called to make one. `state` is what the pickle would have set on the object, `None` where
    it set nothing. These come out of replies:

    - exceptions in error replies, `RemoteObject("builtins", "ValueError", ("not banned",))`;
    - a compiled regular expression among the properties of an action, `RemoteObject("re", "_compile", (text, flags))`
      with the expression as a text and the flags of `re` as a number;
    - a file in a list of ignored addresses, `RemoteObject("fail2ban.server.ipdns", "FileIPAddrSet", (list,), state)`
      with its path as `state["fileName"]` (fail2ban >= 1.1.1).
    """

    module: str
    name: str
    args: tuple[object, ...]
    state: object = None

    def __repr__(self) -> str:
        arguments = ", ".join(repr(argument) for argument in self.args)
        return f"<{self.module}.{self.name}({arguments})>"


# What a success reply may hold beside plain values. Two objects: an `ignoreip` entry of the form `file:PATH`
# (fail2ban >= 1.1.1), and the compiled patterns among the properties of an action. And one class, an action's own.
_FILE_SET = ("fail2ban.server.ipdns", "FileIPAddrSet")
_PATTERN = ("re", "_compile")
_ACTION = ("fail2ban.server.action", "CommandAction")

# Error replies hold an exception, of any module that the daemon has loaded. There is no list of those, but their
# classes are named like exceptions: `UnknownJailException`, `TimeoutExpired`, `re.error`.
_CERTAINLY_EXCEPTION = re.compile(
    r"(?:\w+\.)*(?:(?:_*[A-Z]\w*)?(?:Error|Exception|ExceptionGroup|Exit|Expired|Interrupt|Iteration|Warning)"
    r"|error|timeout|herror|gaierror)"
)
_LIKELY_EXCEPTION = re.compile(r"(?:\w+\.)*_*[A-Z]\w*")
# Here lives what classic attacks call. Stand-ins call nothing, but a reply that names `subprocess.Popen` is no
# fail2ban's: only what is certainly an exception passes.
_SUSPECT_MODULES = frozenset(
    {
        "__builtin__",
        "__main__",
        "_codecs",
        "_posixsubprocess",
        "builtins",
        "codecs",
        "commands",
        "copyreg",
        "copy_reg",
        "ctypes",
        "functools",
        "importlib",
        "marshal",
        "multiprocessing",
        "nt",
        "operator",
        "os",
        "pickle",
        "popen2",
        "posix",
        "pty",
        "runpy",
        "shutil",
        "socket",
        "subprocess",
        "sys",
        "types",
    }
)


def is_exception_name(module: str, name: str) -> bool:
    """Whether a class of that name may be an exception, judged by nothing but the name."""
    if _CERTAINLY_EXCEPTION.fullmatch(name):
        return True
    return module.partition(".")[0] not in _SUSPECT_MODULES and _LIKELY_EXCEPTION.fullmatch(name) is not None


def check_reply(reply: object, size: int) -> None:
    """Raise `Fail2BanProtocolError` unless `reply` has a shape that a daemon sends, all of plain values.

    `size` is the number of bytes that it was decoded from: a value that unfolds into far more pieces than that
    refers to itself again and again, and would grow without bound in whoever walks it.
    """
    if isinstance(reply, str):
        if reply.startswith("ERROR: "):
            return
        raise Fail2BanProtocolError("the daemon's reply is a bare text that is not an error")
    if type(reply) is not tuple or len(reply) != 2 or type(reply[0]) is not int:
        raise Fail2BanProtocolError("the daemon's reply is not a pair of a code and a value")
    if type(reply[1]) in _SCALARS:
        return
    _Walk(budget=min(4 * size + 1000, MAX_UNFOLDED), is_error=reply[0] != 0).visit(reply[1], 0)


class _Walk:
    def __init__(self, budget: int, *, is_error: bool) -> None:
        self._budget = budget
        self._containers = MAX_CONTAINERS
        self._is_error = is_error

    def visit(self, value: object, depth: int) -> None:
        kind = type(value)
        if kind in _SCALARS:
            return
        if depth > MAX_DEPTH:
            raise Fail2BanProtocolError(f"the daemon's reply nests more than {MAX_DEPTH} deep")
        if isinstance(value, (list, tuple, set)):
            self._visit_items(value, depth)
        elif isinstance(value, dict):
            self._visit_items(value.values(), depth)
        elif isinstance(value, RemoteObject):
            if not self._may_hold(value):
                raise Fail2BanProtocolError(
                    f"the daemon's reply holds an object of class {value.module}.{value.name}"[:200]
                )
            self._visit_items((value.args, value.state), depth)
        elif not (isinstance(value, RemoteClass) and (value.module, value.name) == _ACTION) or self._is_error:
            raise Fail2BanProtocolError("the daemon's reply holds a class where a value should be")

    def _may_hold(self, value: RemoteObject) -> bool:
        if self._is_error:
            return is_exception_name(value.module, value.name)
        name = (value.module, value.name)
        return name == _FILE_SET or (
            name == _PATTERN and tuple(map(type, value.args)) == (str, int) and value.state is None
        )

    def _visit_items(self, items: Collection[object], depth: int) -> None:
        self._budget -= len(items)
        self._containers -= 1
        if self._budget < 0 or self._containers < 0:
            raise Fail2BanProtocolError("the daemon's reply unfolds into more values than it has bytes")
        # One pass in C settles the common case, a long list of texts.
        if set(map(type, items)) <= _SCALARS:
            return
        for item in items:
            self.visit(item, depth + 1)
