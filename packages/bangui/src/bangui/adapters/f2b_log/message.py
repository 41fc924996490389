"""What a message of fail2ban's log says: pure, and total.

`[JAIL] WORDS` tells of an event, `parse_said` understands it. Ids are written raw, so they may hold anything, texts
that look like messages included. What the daemon itself has written comes first and last: the jail ends at the first
"] ", the verb stands behind it, and a tail is looked for from the end. What lies between them is the id, whatever it
looks like. Where the layout tells the logger it must be the one that writes such messages.

All other messages that matter steer: `parse_steering`.

    logger    level    message                                            versions
    filter    INFO     [J] Found ID - 2026-11-23 09:35:14                 all; the time is that of the log entry
    filter    INFO     [J] Attempt ID - 2026-11-23 09:35:14               all
    filter    INFO     [J] Ignore ID by ip                                all; also: dns, command, ignoreself rule
    filter    INFO     [J] Ignore ID by file:/path                        1.1.1
    actions   NOTICE   [J] Ban ID, [J] Restore Ban ID                     all
    actions   NOTICE   [J] Unban ID                                       all; to 1.1.0 also when the jail stops
    actions   NOTICE   [J] Repeal Ban ID                                  1.1.1: when the jail stops
    actions   NOTICE   [J] Reban ID, [J] Reban ID, action 'NAME'          all
    actions   any      [J] ID already banned                              all; DEBUG, NOTICE or WARNING, by its delay
    observer  NOTICE   [J] Increase Ban ID (2 # 0:00:10 -> 2026-...)      0.11
    observer  NOTICE   [J] Increase Ban ID (2 # 10.0s -> 2026-...)        from 1.0 on; or (2 # permanent -> infinite)

No events of their own: `[J] Found ID, bad - TIME, 1 # -> 2.0, Ban` (the observer counts a failure again that was told
before), `[J] IP ID is bad: ...`, `[J] Ignore ID, expired bantime`, `[J] Flush ticket(s) with ACTION`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

from bangui.domain.history import PERMANENT, EventKind


class Said(NamedTuple):
    """An event that a message tells of.

    `entry` is the local time of a failure's log entry. `nth`, `duration` and `ends` (local) are those of a ban that was
    made longer: the how manieth it is, its new length, rounded by up to `rounding` seconds, and its new end.
    """

    kind: EventKind
    jail: str
    id: str
    entry: str = ""
    nth: int | None = None
    duration: int | None = None
    rounding: int = 0
    ends: str = ""


class Control(Enum):
    """What a message that steers is about."""

    STARTING = "the daemon starts"
    STOPPING_ALL = "all jails are about to stop"
    EXITING = "the daemon ends"
    RELOADING = "a reload begins"
    RELOADED = "a reload is over"
    CREATING = "a jail is made"
    CONFIGURING = "a jail that runs gets its settings anew"
    RUNNING = "a jail has its settings and runs"
    STOPPED = "a jail has stopped"
    UNWATCHED = "a log file is no longer read"
    BAN_TIME = "the ban time of a jail is set"


class Steering(NamedTuple):
    """A message that steers; `word` is the jail, the version or the seconds."""

    control: Control
    word: str = ""


_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}")
_IGNORED = re.compile(r"(.*) by (?:ip|ip-set|dns|command|ignoreself rule|unknown source|file:.*)", re.DOTALL)
_REBAN_ACTION = re.compile(r"(.*), action (?:'[^']*'|\"[^\"]*\")", re.DOTALL)
_INCREASE = re.compile(r"Ban (.*) \(([0-9]{1,9}) # ([^()#]{1,40}) -> ([^()#]{1,40})\)", re.DOTALL)

_BANS = {"Ban": EventKind.BAN, "Unban": EventKind.UNBAN}
_SECOND_WORDS = {"Restore": EventKind.RESTORE, "Repeal": EventKind.REPEAL}
_ALREADY = " already banned"


def parse_said(message: str, logger: str = "", odd_jails: Sequence[str] = ()) -> Said | None:
    """Return the event that a message beginning with "[" tells of; None where it tells of none.

    `odd_jails` are the jails whose names hold "] ", which would otherwise end the name.
    """
    end = message.find("] ")
    for name in odd_jails:
        if message.startswith(f"[{name}] "):
            end = len(name) + 1
    if end < 0:
        return None
    jail, text = message[1:end], message[end + 2 :]
    match logger:
        case "filter":
            return _parse_failure(jail, text) or _parse_ignored(jail, text)
        case "actions":
            return _parse_ban(jail, text)
        case "observer":
            return _parse_increase(jail, text)
        case "":
            return (
                _parse_failure(jail, text)
                or _parse_increase(jail, text)
                or _parse_ignored(jail, text)
                or _parse_ban(jail, text)
            )
        case _:
            return None


def _parse_failure(jail: str, text: str) -> Said | None:
    if text.startswith("Found "):
        start = 6
    elif text.startswith("Attempt "):
        start = 8
    else:
        return None
    # "] Found " + id + " - " + 19 characters of time
    if text[-22:-19] != " - " or len(text) < start + 22 or _TIME.fullmatch(text, len(text) - 19) is None:
        return None
    return Said(EventKind.FAILURE, jail, text[start:-22], text[-19:])


def _parse_ignored(jail: str, text: str) -> Said | None:
    if not text.startswith("Ignore "):
        return None
    found = _IGNORED.fullmatch(text, 7)
    return None if found is None else Said(EventKind.IGNORED, jail, found[1])


def _parse_ban(jail: str, text: str) -> Said | None:
    verb, space, rest = text.partition(" ")
    if (kind := _BANS.get(verb)) is not None and space:
        return Said(kind, jail, rest)
    if (kind := _SECOND_WORDS.get(verb)) is not None and rest.startswith("Ban "):
        return Said(kind, jail, rest[4:])
    if verb == "Reban" and space:
        with_action = _REBAN_ACTION.fullmatch(rest)
        return Said(EventKind.REBAN, jail, rest if with_action is None else with_action[1])
    if text.endswith(_ALREADY):
        return Said(EventKind.ALREADY_BANNED, jail, text[: -len(_ALREADY)])
    return None


def _parse_increase(jail: str, text: str) -> Said | None:
    if not text.startswith("Increase Ban "):
        return None
    found = _INCREASE.fullmatch(text, 9)
    if found is None:
        return None
    id, nth, length, ends = found.groups()
    duration, rounding = parse_length(length)
    has_end = _TIME.fullmatch(ends) is not None
    return Said(EventKind.PROLONG, jail, id, "", int(nth), duration, rounding, ends if has_end else "")


_NUMBER = r"([0-9]{1,9}(?:\.[0-9]{1,20})?)"
_UNITS = (31_536_000, 604_800, 86_400, 3_600, 60, 1)
_LENGTH = re.compile("".join(rf"(?:{_NUMBER}{unit} ?)?" for unit in "ywdhms"))
_CLOCK = re.compile(r"(?:([0-9]{1,9}) days?, )?([0-9]{1,2}):([0-9]{2}):([0-9]{2})")
# What fail2ban rounds to, by half of it, from which length on: days, hours, minutes, ten seconds.
_ROUNDING = ((31_536_000, 43_200), (604_800, 1_800), (86_400, 30), (3_595, 5))


def parse_length(text: str) -> tuple[int | None, int]:
    """Return the seconds that a text such as "2d 7h 15m" or "1 day, 2:00:00" means, and by how many it is rounded."""
    if text == "permanent":
        return PERMANENT, 0
    if text == "0":
        return 0, 0
    if (found := _CLOCK.fullmatch(text)) is not None:
        days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
        return ((days * 24 + hours) * 60 + minutes) * 60 + seconds, 0
    found = _LENGTH.fullmatch(text)
    if found is None or not text:
        return None, 0
    total = int(sum(float(part or 0) * unit for part, unit in zip(found.groups(), _UNITS, strict=True)))
    return total, next((half for least, half in _ROUNDING if total >= least), 0)


_JAIL_STATE = re.compile(r"Jail ('.*'|\".*\") (started|reloaded|stopped)", re.DOTALL)
_SINGLE = {
    "Stopping all jails": Control.STOPPING_ALL,
    "Exiting Fail2ban": Control.EXITING,
    "Reload finished.": Control.RELOADED,
}
_STEERING_LOGGERS = frozenset({"", "server", "jail", "filter", "actions"})


def parse_steering(message: str, logger: str = "") -> Steering | None:
    """Return what a message that tells of no event means for those around it; None where it means nothing."""
    if logger not in _STEERING_LOGGERS:
        return None
    word, _, rest = message.partition(" ")
    match word:
        case "Jail":
            return _jail_state(message)
        case "Creating":
            # Written with quotes around the name, and the name as it is.
            return Steering(Control.CREATING, rest[10:-1]) if rest.startswith("new jail '") else None
        case "Reload":
            return _reload(message, rest)
        case "Removed":
            return Steering(Control.UNWATCHED) if rest.startswith("logfile: ") else None
        case "banTime:":
            return Steering(Control.BAN_TIME, rest)
        case "Starting":
            return Steering(Control.STARTING, rest[10:]) if rest.startswith("Fail2ban v") else None
        case _:
            control = _SINGLE.get(message)
            return None if control is None else Steering(control)


def _jail_state(message: str) -> Steering | None:
    found = _JAIL_STATE.fullmatch(message)
    if found is None:
        return None
    name = _unquoted(found[1])
    return Steering(Control.STOPPED if found[2] == "stopped" else Control.RUNNING, name)


def _reload(message: str, rest: str) -> Steering | None:
    if message in _SINGLE:
        return Steering(_SINGLE[message])
    if rest.startswith(("jail '", 'jail "')):
        return Steering(Control.CONFIGURING, _unquoted(rest[5:]))
    return Steering(Control.RELOADING)


def _unquoted(quoted: str) -> str:
    """Return what a Python text in quotes (`'it''s'`) stands for; itself where it is none."""
    try:
        value = ast.literal_eval(quoted)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return quoted
    return value if isinstance(value, str) else quoted
