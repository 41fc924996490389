"""One entry of the journal, as `journalctl --output=json` prints it: pure, and total.

fail2ban gets into the journal on three ways, and each keeps other things apart from the message:

    logtarget SYSTEMD-JOURNAL         LOGGER "fail2ban.actions", MESSAGE "[sshd] Ban 203.0.113.1"
    logtarget SYSLOG                  SYSLOG_IDENTIFIER "fail2ban.actions", MESSAGE "NOTICE [sshd] Ban 203.0.113.1"
    logtarget STDOUT or SYSOUT, run   SYSLOG_IDENTIFIER "fail2ban-server", MESSAGE is a whole line as it would be in a
    by systemd                        file

A field that is no text, or no UTF-8, is a list of its bytes. The time is the journal's own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import NamedTuple

from bangui.adapters.f2b_log.line import MAX_LINE_BYTES, Line, parse_line, parse_tagged

IDENTIFIERS = (
    "fail2ban",
    "fail2ban-server",
    "fail2ban.actions",
    "fail2ban.filter",
    "fail2ban.jail",
    "fail2ban.observer",
    "fail2ban.server",
)
"""What fail2ban calls itself; with syslog that is the logger."""
FIELDS = ("MESSAGE", "LOGGER", "SYSLOG_IDENTIFIER", "SYSLOG_PID", "_PID", "PRIORITY")
"""What is used of an entry, besides its place and its time."""

_LEVELS = {"3": "ERROR", "4": "WARNING", "5": "NOTICE", "6": "INFO", "7": "DEBUG"}


class Entry(NamedTuple):
    """Where an entry stands in the journal, when it was written (milliseconds), and what fail2ban says in it."""

    place: str
    time: int
    line: Line | None


def parse_entry(data: bytes) -> Entry | None:
    """Return an entry; None where this is none."""
    try:
        fields = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if not isinstance(fields, dict):
        return None
    place, time = fields.get("__CURSOR"), _number(fields.get("__REALTIME_TIMESTAMP"))
    if not isinstance(place, str) or not time:
        return None
    return Entry(place, time // 1000, _line(fields))


def _line(fields: Mapping[str, object]) -> Line | None:
    message = _bytes(fields.get("MESSAGE"))[:MAX_LINE_BYTES]
    logger = _text(fields.get("LOGGER"))
    # A target written in small letters reaches the journal with the layout of a file.
    if not message.startswith(b"[") and (whole := parse_line(message)) is not None:
        return whole._replace(stamp="")
    if logger.startswith("fail2ban."):
        level = _LEVELS.get(_text(fields.get("PRIORITY")), "")
        text = message.decode("utf-8", "surrogateescape")
        return Line("", logger.removeprefix("fail2ban."), _number(fields.get("_PID")), level, text.lstrip(" "))
    identifier = _text(fields.get("SYSLOG_IDENTIFIER"))
    if not identifier.startswith("fail2ban."):
        return None
    pid = _number(fields.get("SYSLOG_PID")) or _number(fields.get("_PID"))
    return parse_tagged(identifier.removeprefix("fail2ban."), pid, message.decode("utf-8", "surrogateescape"))


def _bytes(value: object) -> bytes:
    """Return a field as it was sent; the first one where it stands there several times."""
    match value:
        case str():
            return value.encode("utf-8", "surrogatepass")
        case [int(), *_]:
            return bytes(one for one in value if isinstance(one, int) and 0 <= one < 256)
        case [first, *_]:
            return _bytes(first)
        case _:
            return b""


def _text(value: object) -> str:
    return _bytes(value).decode("utf-8", "replace")


def _number(value: object) -> int:
    text = _text(value)
    return int(text) if text.isdecimal() and len(text) < 20 else 0
