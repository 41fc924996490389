"""What could stand where the cursor is: the hidden command behind shell completion.

`bangui __complete WORD...` gets the words of the line up to the cursor, the last one possibly empty, and prints one
candidate a line, with a tab and a description where there is one. It never fails and never waits long: whoever
presses Tab wants candidates, not errors. Names that a shell would have to quote are left out, because the daemon's
names can be an attacker's.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import pairwise

from bangui.cli.arguments import COMMANDS, DEFAULT_SOCKET
from bangui.cli.exit_codes import ExitCode
from bangui.cli.parts import Parts
from bangui.domain.errors import BanGUIError
from bangui.domain.gateway import Gateway
from bangui.domain.operations import ReadBans, ReadCounters

_SECONDS = 0.5
# More than anybody reads, and more than this would make the daemon work for a key press.
_MOST_IDS = 500
_LONGEST_LIST = 2_000
_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/@+-]*", re.ASCII)

_COMMON = {
    "--socket": "fail2ban's socket",
    "--json": "answer in JSON",
    "--no-color": "no colours",
    "--timeout": "how long to wait for an answer",
    "--help": "show help and exit",
}
_OWN: Mapping[str, Mapping[str, str]] = {
    "ban": {"--force": "ban also what would hurt you", "--any-id": "ban texts that are no addresses"},
    "unban": {"--jail": "only in this jail"},
    "serve": {"--host": "address to serve on", "--port": "port to serve on", "--verbose": "log what happens"},
    "demo": {"--fail2ban": "unpacked package to run", "--port": "port to serve on", "--verbose": "log what happens"},
    "": {"--version": "show BanGUI's version"},
}
_WITH_VALUE = frozenset({"--socket", "--timeout", "--jail", "--host", "--port", "--fail2ban"})

Candidates = Iterable[tuple[str, str]]


def run(words: Sequence[str], parts: Parts, environment: Mapping[str, str]) -> int:
    """Print the candidates for the last word."""
    *before, current = words or [""]
    socket = environment.get("BANGUI_SOCKET") or DEFAULT_SOCKET
    for option, value in pairwise(before):
        socket = value if option == "--socket" else socket

    async def print_candidates() -> int:
        for value, description in await _candidates(before, current, parts.open_gateway(socket, _SECONDS)):
            if value.startswith(current):
                sys.stdout.write(f"{value}\t{description}\n" if description else f"{value}\n")
        return ExitCode.FINE

    return parts.run_once(print_candidates())


async def _candidates(before: list[str], current: str, gateway: Gateway) -> Candidates:
    given = _positional(before)
    command = given[0] if given else ""
    last = before[-1] if before else ""
    if last == "--jail":
        return await _jails(gateway)
    if last in _WITH_VALUE:
        return ()
    if current.startswith("-"):
        return [*_OWN.get(command, {}).items(), *_COMMON.items()]
    if not command:
        return [(name, entry.summary) for name, entry in COMMANDS.items()]
    if command == "completion" and len(given) == 1:
        return [("bash", ""), ("zsh", ""), ("fish", "")]
    if command in {"bans", "ban"} and len(given) == 1:
        return await _jails(gateway)
    if command == "unban" or (command == "why" and len(given) == 1):
        return await _banned_ids(gateway, _option_value(before, "--jail"), skip=given[1:])
    return ()


def _positional(words: Iterable[str]) -> list[str]:
    """Return the words that are neither options nor their values."""
    found, skips = [], False
    for word in words:
        if skips:
            skips = False
        elif word.startswith("-"):
            skips = word in _WITH_VALUE
        else:
            found.append(word)
    return found


def _option_value(words: list[str], option: str) -> str | None:
    return next((value for name, value in pairwise(words) if name == option), None)


async def _jails(gateway: Gateway) -> Candidates:
    with suppress(BanGUIError):
        return [
            (jail.name, f"{jail.currently_banned} banned")
            for jail in await gateway.perform(ReadCounters())
            if _SAFE.fullmatch(jail.name)
        ]
    return ()


async def _banned_ids(gateway: Gateway, jail: str | None, skip: list[str]) -> Candidates:
    found: dict[str, str] = {}
    with suppress(BanGUIError):
        for counters in await gateway.perform(ReadCounters()):
            is_wanted = jail is None or jail == counters.name
            if not is_wanted or not 0 < counters.currently_banned <= _LONGEST_LIST:
                continue
            for ban in await gateway.perform(ReadBans(counters.name)):
                if _SAFE.fullmatch(ban.id) and ban.id not in skip and len(found) < _MOST_IDS:
                    found.setdefault(ban.id, ban.jail if _SAFE.fullmatch(ban.jail) else "")
    return found.items()
