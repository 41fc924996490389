"""Error replies as exceptions: which of the daemon's classes means what.

The daemon gives no error codes. What went wrong follows from the class of its exception and from the command; only
the two meanings of a plain `Exception` have to be told apart by the beginning of the text, which is the same in all
versions. Texts are passed on as they are, and shown in nobody's place.
"""

from __future__ import annotations

from collections.abc import Sequence

from ._values import RemoteObject
from .errors import (
    DuplicateJailError,
    Fail2BanCommandError,
    InvalidCommandError,
    InvalidValueError,
    UnknownJailError,
)

# Where plain names live, on Python 3 and Python 2 daemons.
_PLAIN_MODULES = frozenset({"builtins", "exceptions", "__builtin__"})

# What Python raises in the daemon while it makes something of a value.
_VALUE_ERRORS = frozenset(
    {
        "AttributeError",
        "FileNotFoundError",
        "IOError",
        "IsADirectoryError",
        "KeyError",
        "LookupError",
        "NameError",
        "NotADirectoryError",
        "OSError",
        "OverflowError",
        "PermissionError",
        "SyntaxError",
        "TypeError",
        "UnicodeDecodeError",
        "UnicodeEncodeError",
        "ValueError",
        "ZeroDivisionError",
        "fail2ban.server.failregex.RegexException",
        "json.decoder.JSONDecodeError",
        "re.error",
    }
)

_UNKNOWN_JAIL_HINT = "No jail of that name runs. The status of the server lists the jails."
_DUPLICATE_HINT = "A jail of that name runs already. Stop it first, or reload it."
_COMMAND_HINT = "This fail2ban may be too old for the command, or the command is not complete."
_LOCKED_HINT = "Another program holds a lock on fail2ban's database. The change may have taken effect in part."
_RELOAD_HINT = "The reload failed, and jails that it had not started again are gone. Reload the old configuration."


def command_error(value: object, command: Sequence[object]) -> Fail2BanCommandError:
    """Return the error for the reply `(1, value)` to `command`; `value` describes the daemon's exception."""
    if not isinstance(value, RemoteObject):
        return Fail2BanCommandError("", str(value), command)
    name = value.name if value.module in _PLAIN_MODULES else f"{value.module}.{value.name}"
    kind, hint = _classify(name, value.args, command)
    if command and command[0] == "reload" and kind is not UnknownJailError:
        hint = f"{_RELOAD_HINT} {hint}".strip()
    return kind(name, _describe(name, value.args), command, hint=hint)


def _classify(name: str, args: tuple[object, ...], command: Sequence[object]) -> tuple[type[Fail2BanCommandError], str]:
    word = command[0] if command else ""
    if name == "fail2ban.exceptions.UnknownJailException":
        return UnknownJailError, _UNKNOWN_JAIL_HINT
    if name == "fail2ban.exceptions.DuplicateJailException" or (name == "NameError" and word == "add"):
        # fail2ban 0.10.0 to 1.0.2 stumbles over a name of its own where it should report the duplicate.
        return DuplicateJailError, _DUPLICATE_HINT
    if name == "Exception":
        is_unknown = bool(args) and str(args[0]).startswith("Invalid command")
        return (InvalidCommandError, _COMMAND_HINT) if is_unknown else (InvalidValueError, "")
    if name == "IndexError":
        return InvalidCommandError, _COMMAND_HINT
    if name == "sqlite3.OperationalError":
        return Fail2BanCommandError, _LOCKED_HINT
    return (InvalidValueError if name in _VALUE_ERRORS else Fail2BanCommandError), ""


def _describe(name: str, args: tuple[object, ...]) -> str:
    """Return what the daemon's exception says, without Python's punctuation."""
    if not args:
        return name
    if len(args) > 2 and isinstance(args[0], int):
        # OSError: number, text, file name.
        return f"{args[1]}: {args[2]}"
    if isinstance(args[0], str) and (len(args) == 1 or name in {"SyntaxError", "json.decoder.JSONDecodeError"}):
        return args[0]
    return ", ".join(map(str, args))
