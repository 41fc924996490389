"""A command is a value: the tokens to send, and how to read what comes back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

from ._command_errors import command_error
from .errors import Fail2BanCommandError

T = TypeVar("T")

# Tokens of other types travel as `str(token)`, so anything may stand here.
Fail2BanToken: TypeAlias = object
Fail2BanCommand: TypeAlias = Sequence[Fail2BanToken]
# `(code, payload)` as the daemon sent it, or the bare "ERROR: ..." text of a daemon that could not read the request.
Fail2BanResponse: TypeAlias = tuple[int, Any] | str


@dataclass(frozen=True, slots=True)
class Command(Generic[T]):
    """One request to the daemon and the pure parser of its reply.

    `reads` marks a command that changes nothing, which may therefore be sent again when the connection broke.
    `extra_seconds` is granted on top of the client's time limit, for commands that are slow by nature.
    """

    request: tuple[Fail2BanToken, ...]
    parse: Callable[[object], T]
    reads: bool = False
    extra_seconds: float = 0.0


def interpret(command: Command[T], response: Fail2BanResponse) -> T:
    """Return the parsed value of a reply.

    Raises `Fail2BanCommandError` when the daemon answered with an error, and `Fail2BanProtocolError` when the value
    has a shape that the command does not give.
    """
    if isinstance(response, str):
        raise Fail2BanCommandError("", response, command.request)
    code, value = response
    if code != 0:
        raise command_error(value, command.request)
    return command.parse(value)
