"""One line of fail2ban's log, taken apart: pure, and total (what is no such line is None, and nothing raises).

The layouts are those of fail2ban 0.11 to 1.1. Which one a daemon writes depends on its log target, on the options
`padding` and `datetime` of that, and on how often `-v` stood on its command line; a file may hold several. Everything
is anchored at the beginning of the line, since the message may end in text that an attacker has chosen:

    2026-11-23 09:35:14,459 fail2ban.actions        [7471]: NOTICE  [sshd] Ban 203.0.113.1     a file, standard output
    fail2ban.actions        [7471]: NOTICE  [sshd] Ban 203.0.113.1                             `SYSOUT`, `datetime=off`
    Nov 23 09:35:14 web1 fail2ban.actions[7471]: NOTICE [sshd] Ban 203.0.113.1                 a file of syslog
    2026-11-23T09:35:14.459123+01:00 web1 fail2ban.actions[7471]: NOTICE [sshd] Ban ...        the same, newer rsyslog
    Nov 23 09:35:14 web1 fail2ban-server[7471]: 2026-11-23 09:35:14,459 fail2ban.actions ...   standard output, sent on
     2026-11-23 09:35:14,459 7F46A5245040 NOTIC [sshd] Ban 203.0.113.1                         -vv
     + 2305 7F95F9D966C0 fail2ban.actions          NOTIC [sshd] Ban 203.0.113.1                -vvv: ms since the start
     + 2315 7F6967FFF6C0 fail2ban.actions          NOTIC |         helpers-25: __safeLog            | [sshd] Ban ...

A line that fits none of them belongs to the message before it, or to another program. It is passed over: an id with a
line break in it is known by its first line here.
"""

from __future__ import annotations

import re
from typing import NamedTuple

MAX_LINE_BYTES = 64 * 1024
"""What a line holds beyond this is cut off: more than any message of fail2ban's that is of use here."""


class Line(NamedTuple):
    """The parts of a line.

    `stamp` is the time as it is written, "+" and milliseconds where it counts from the daemon's start, and empty where
    there is none. `logger` lacks its "fail2ban." and is empty where the layout does not tell it; so is `level`, and
    `pid` is 0. `level` may be cut to five letters.
    """

    stamp: str
    logger: str
    pid: int
    level: str
    message: str


# `[0-9]` because `\d` takes the digits of all scripts.
_TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2},[0-9]{3}"
_NAMED = r"fail2ban\.?([^\s\[\]]*) *\[([0-9]{1,10})\]: ([A-Z#][^ ]*) +(.*)"
_FLAGS = re.DOTALL | re.ASCII

_PLAIN = re.compile(rf"({_TIME}) {_NAMED}", _FLAGS)
_BARE = re.compile(_NAMED, _FLAGS)
_SYSLOG_TIME = (
    r"[A-Z][a-z]{2} [ 0-9][0-9] [0-9]{2}:[0-9]{2}:[0-9]{2}"
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:?[0-9]{2})"
)
_SYSLOG = re.compile(rf"({_SYSLOG_TIME}) [^ ]+ (?:fail2ban-server\[[0-9]+\]: (?:{_TIME} )?)?{_NAMED}", _FLAGS)
_VERBOSE = re.compile(rf" (?:({_TIME}) )?[0-9A-F]+ ([A-Z#][^ ]{{0,6}}) +(.*)", _FLAGS)
_MORE_VERBOSE = re.compile(
    r" \+ *([0-9]{1,15}) [0-9A-F]+ fail2ban\.?([^ ]*) +([A-Z#][^ ]{0,6}) +"
    r"(?:\| *[^ |]{1,15}-[0-9]+ *: [^ |]{1,20} *\| )?(.*)",
    _FLAGS,
)


def parse_line(data: bytes) -> Line | None:
    """Take a line apart, given without its line break; bytes that are no UTF-8 become surrogates."""
    first = data[:1]
    # Whatever else is in a file of syslog goes by here, ten times as fast as it could be looked at.
    if first != b" " and b"fail2ban" not in data:
        return None
    text = data[:MAX_LINE_BYTES].decode("utf-8", "surrogateescape")
    if first == b"2" and (found := _PLAIN.match(text)) is not None:
        stamp, logger, pid, level, message = found.groups()
        return Line(stamp, logger, int(pid), level, message)
    if first == b" ":
        return _parse_verbose(text)
    if (found := _BARE.match(text)) is not None:
        logger, pid, level, message = found.groups()
        return Line("", logger, int(pid), level, message)
    if (found := _SYSLOG.match(text)) is not None:
        stamp, logger, pid, level, message = found.groups()
        return Line(stamp, logger, int(pid), level, message)
    return None


def _parse_verbose(text: str) -> Line | None:
    if (found := _MORE_VERBOSE.match(text)) is not None:
        since_start, logger, level, message = found.groups()
        return Line(f"+{since_start}", logger, 0, level, message)
    if (found := _VERBOSE.match(text)) is not None:
        stamp, level, message = found.groups()
        return Line(stamp or "", "", 0, level, message)
    return None


_LEVEL = re.compile(r"([A-Z#][^ ]{0,8}) +(.*)", _FLAGS)


def parse_tagged(logger: str, pid: int, text: str) -> Line | None:
    """Take apart what a daemon has sent to syslog, whose tag (`fail2ban.actions[7471]:`) is kept apart from it."""
    found = _LEVEL.match(text)
    return None if found is None else Line("", logger, pid, found[1], found[2])
