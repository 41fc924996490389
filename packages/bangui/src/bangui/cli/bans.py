"""`bangui bans [JAIL]`: who is banned now?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bangui.cli.exit_codes import ExitCode
from bangui.cli.json_values import ban_value, dump
from bangui.cli.parts import Call
from bangui.cli.screen import Screen
from bangui.cli.table import Column, print_table
from bangui.cli.times import ago, exact, left
from bangui.domain.bans import Ban
from bangui.domain.durations import duration_in_words
from bangui.services.bans import list_bans
from bangui.services.jails import require_jail

_ON_TERMINAL = (
    Column("ID", can_be_cut=True),
    Column("JAIL", can_be_cut=True),
    Column("BANNED", drop=1),
    Column("ENDS"),
)
_PIPED = (Column("ID"), Column("JAIL"), Column("BANNED"), Column("DURATION"), Column("ENDS"))


async def run(call: Call) -> int:
    """Show the bans of one jail or of all."""
    jail = call.options.jail
    if jail is not None:
        await require_jail(call.gateway, jail)
    bans = await list_bans(call.gateway, jail)
    if call.options.json:
        _print_json(call.screen, bans)
    elif not bans:
        _say_nobody(call)
    elif call.screen.is_terminal:
        now = call.parts.now()
        print_table(call.screen, _ON_TERMINAL, (_relative_row(ban, now) for ban in bans))
    else:
        print_table(call.screen, _PIPED, (_exact_row(ban) for ban in bans))
    return ExitCode.FINE


def _say_nobody(call: Call) -> None:
    # A list for a program stays a list: nothing but its rows, and here there are none.
    if call.screen.is_terminal:
        call.screen.line("nobody is banned")


def _relative_row(ban: Ban, now: datetime) -> tuple[str, ...]:
    return ban.id, ban.jail, ago(ban.banned_at, now), left(ban.ends_at, now)


def _exact_row(ban: Ban) -> tuple[str, ...]:
    duration = "permanent" if ban.duration is None else duration_in_words(ban.duration).replace(" ", "")
    return ban.id, ban.jail, exact(ban.banned_at), duration, "never" if ban.ends_at is None else exact(ban.ends_at)


def _print_json(screen: Screen, bans: tuple[Ban, ...]) -> None:
    """Write one object, one ban a line, so that a long list needs little memory on both sides."""
    screen.line('{"bans": [')
    for line in _with_commas(bans):
        screen.line(line)
    screen.line("]}")


def _with_commas(bans: tuple[Ban, ...]) -> Iterator[str]:
    last = len(bans) - 1
    for index, ban in enumerate(bans):
        yield dump(ban_value(ban)) + ("," if index < last else "")
