"""What the commands about accounts are given, and what they share."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Coroutine, Mapping
from typing import TYPE_CHECKING, NamedTuple, TextIO

from bangui.cli.ban_notes import author_name
from bangui.domain.accounts import Actor, Via
from bangui.domain.errors import InvalidInput
from bangui.domain.secret import Secret

if TYPE_CHECKING:
    from datetime import datetime

    from bangui.cli.screen import Screen
    from bangui.services.access import Access

RunAccess = Callable[[str, "Callable[[Access], Coroutine[object, object, int]]"], int]


class AccountsCall(NamedTuple):
    """One run of a command; `ask_password` shows a prompt and returns what was typed unseen."""

    options: Namespace
    screen: Screen
    stdin: TextIO
    environment: Mapping[str, str]
    now: datetime
    run_access: RunAccess
    ask_password: Callable[[str], str]

    @property
    def actor(self) -> Actor:
        """Whoever runs the command, as the audit trail names them."""
        return Actor(author_name(self.environment), Via.COMMAND)


def read_password(call: AccountsCall) -> Secret:
    """Return a new password, from standard input or typed twice; raises `InvalidInput` where the two differ."""
    if call.options.password_stdin:
        line = call.stdin.readline(10_000).rstrip("\r\n")
        if not line:
            raise InvalidInput("there is no password on standard input", "write it there as one line")
        return Secret(line)
    first = call.ask_password("Password: ")
    if call.ask_password("The same again: ") != first:
        raise InvalidInput("the two passwords differ", "nothing was changed; try again")
    return Secret(first)
