"""What could stand where the cursor is: the hidden command behind shell completion.

`bangui __complete WORD...` gets the words of the line up to the cursor, the last one possibly empty, and prints one
candidate a line, with a tab and a description where there is one. It never fails and never waits long: whoever
presses Tab wants candidates, not errors. Names that a shell would have to quote are left out, because the daemon's
names can be an attacker's. Options and their fixed words come from the parser of the command itself.
"""

from __future__ import annotations

import re
import sys
from argparse import Action, ArgumentParser
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import pairwise
from typing import TYPE_CHECKING

from bangui.cli.arguments import COMMANDS, DEFAULT_SOCKET, actions_of
from bangui.cli.exit_codes import ExitCode
from bangui.cli.parts import Parts
from bangui.domain.errors import BanGUIError
from bangui.domain.operations import ReadBans, ReadCounters

if TYPE_CHECKING:
    from bangui.domain.gateway import Gateway

_SECONDS = 0.5
# More than anybody reads, and more than this would make the daemon work for a key press.
_MOST_IDS = 500
_LONGEST_LIST = 2_000
_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/@+-]*", re.ASCII)
_WORDS: Mapping[str, tuple[str, ...]] = {
    "--since": ("1h", "24h", "7d", "30d", "today", "yesterday"),
    "--until": ("1h", "24h", "7d", "30d", "today", "yesterday"),
    "--keep": ("1y", "2y", "forever"),
    "--keep-failures": ("90d", "1y", "forever"),
    "--keep-size": ("1G", "5G", "unlimited"),
}

Candidates = Iterable[tuple[str, str]]


class _Line:
    """The line up to the cursor: its command, the words given to it, and what its parser knows."""

    def __init__(self, before: Sequence[str]) -> None:
        self.before = before
        self.command = next(iter(_positional(before, _options(actions_of("")))), "")
        actions = actions_of(self.command)
        given = _positional(before, _options(actions))[1:]
        if given and (inner := _parser_within(actions, given[0])) is not None:
            actions, given = inner, _positional(before, _options(inner))[2:]
        self.options = _options(actions)
        self.given = given
        self.positions = [action for action in actions if not action.option_strings]

    def value(self, option: str) -> str | None:
        """Return the value that an option was given last."""
        values = [value for name, value in pairwise(self.before) if name == option]
        return values[-1] if values else None


def run(words: Sequence[str], parts: Parts, environment: Mapping[str, str]) -> int:
    """Print the candidates for the last word."""
    *before, current = words or [""]
    line = _Line(before)

    async def print_candidates() -> int:
        for value, description in await _candidates(line, current, parts, environment):
            if value.startswith(current):
                sys.stdout.write(f"{value}\t{description}\n" if description else f"{value}\n")
        return ExitCode.FINE

    return parts.run_once(print_candidates())


async def _candidates(line: _Line, current: str, parts: Parts, environment: Mapping[str, str]) -> Candidates:
    last = line.before[-1] if line.before else ""
    if (action := line.options.get(last)) is not None and action.nargs != 0:
        return await _values(line, action, current, parts, environment)
    if current.startswith("-"):
        return [(name, action.help or "") for name, action in line.options.items() if name.startswith("--")]
    if not line.command:
        return [(name, entry.summary) for name, entry in COMMANDS.items()]
    position = _position(line)
    if position is None:
        return ()
    if position.choices:
        return [(str(choice), "") for choice in position.choices]
    if position.metavar == "JAIL":
        return await _jails(_gateway(line, parts, environment))
    if position.metavar == "IP" and line.command in {"unban", "why", "history", "export"}:
        return await _banned_ids(_gateway(line, parts, environment), line.value("--jail"), skip=line.given)
    return ()


def _position(line: _Line) -> Action | None:
    """Return the argument that the word at the cursor would be; the last one may take many."""
    if len(line.given) < len(line.positions):
        return line.positions[len(line.given)]
    last = line.positions[-1] if line.positions else None
    return last if last is not None and last.nargs in {"*", "+"} else None


async def _values(
    line: _Line, action: Action, current: str, parts: Parts, environment: Mapping[str, str]
) -> Candidates:
    """Return what could be the value of an option."""
    name = action.option_strings[-1]
    if name == "--jail":
        jails = dict(await _jails(_gateway(line, parts, environment)))
        if "--history" in line.options:
            jails = {**dict.fromkeys(_past(line, parts, environment, "jails"), ""), **jails}
        return sorted(jails.items())
    if name in {"--country", "--network"}:
        return _after_commas(current, _past(line, parts, environment, name))
    if name in {"--kind", "--origin"}:
        from bangui.cli.history_options import KINDS, ORIGINS

        return _after_commas(current, KINDS if name == "--kind" else ORIGINS)
    words = action.choices or _WORDS.get(name, ())
    return [(str(word), "") for word in words]


def _after_commas(current: str, words: Iterable[str]) -> Candidates:
    """Return the words, each after those that stand before the last comma, and none of them again."""
    head = current[: current.rfind(",") + 1]
    given = head.split(",")
    return [(head + word, "") for word in words if word not in given]


def _options(actions: Iterable[Action]) -> dict[str, Action]:
    return {name: action for action in actions for name in action.option_strings}


def _parser_within(actions: Iterable[Action], word: str) -> list[Action] | None:
    """Return what an action of a command takes (`geo lookup`), where the word names one."""
    for action in actions:
        inner = action.choices.get(word) if isinstance(action.choices, dict) else None
        if isinstance(inner, ArgumentParser):
            return inner._actions
    return None


def _positional(words: Iterable[str], options: Mapping[str, Action]) -> list[str]:
    """Return the words that are neither options nor their values."""
    found, skips = [], False
    for word in words:
        if skips:
            skips = False
        elif word.startswith("-") and word != "-":
            skips = word in options and options[word].nargs != 0
        else:
            found.append(word)
    return found


def _gateway(line: _Line, parts: Parts, environment: Mapping[str, str]) -> Gateway:
    socket = line.value("--socket") or environment.get("BANGUI_SOCKET") or DEFAULT_SOCKET
    return parts.open_gateway(socket, _SECONDS)


def _past(line: _Line, parts: Parts, environment: Mapping[str, str], what: str) -> list[str]:
    """Return the jails, countries or networks of the history, the most frequent first."""
    from bangui.cli.place_options import place_of
    from bangui.domain.history_queries import Dimension, Top

    _, place = place_of(line.value("--history"), line.value("--data"), environment)
    with suppress(BanGUIError), parts.open_history(place) as reader:
        if what == "jails":
            return [jail for jail in reader.jails() if _SAFE.fullmatch(jail)]
        dimension = Dimension.COUNTRY if what == "--country" else Dimension.NETWORK
        keys = [row.key for row in reader.top(Top(dimension, limit=_MOST_IDS)) if row.key]
        return keys if what == "--country" else [f"AS{key}" for key in keys]
    return []


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
