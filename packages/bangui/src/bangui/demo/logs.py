"""The log files that the demo writes, and how the program behind each of them writes the time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

# Not `strftime`: programs write English names whatever the locale of this process is.
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class Log(Enum):
    """One log file; the value is its name."""

    AUTH = "auth.log"
    MAIL = "mail.log"
    NGINX_ACCESS = "nginx-access.log"
    NGINX_ERROR = "nginx-error.log"
    APACHE_ERROR = "apache-error.log"
    VSFTPD = "vsftpd.log"
    ASTERISK = "asterisk.log"
    MYSQL = "mysql.log"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a log without its time: what stands before the time and what stands after it."""

    log: Log
    after: str
    before: str = ""


@dataclass(frozen=True, slots=True)
class LogEvent:
    """A line that is written at a moment, in seconds from the start of the demo."""

    at: float
    line: Line


def render(line: Line, moment: datetime) -> str:
    """The line as the program would have written it at `moment` (aware, in the zone of the machine)."""
    return f"{line.before}{_stamp(line.log, moment)}{line.after}\n"


def _stamp(log: Log, moment: datetime) -> str:
    month, day = _MONTHS[moment.month - 1], _DAYS[moment.weekday()]
    clock = f"{moment:%H:%M:%S}"
    match log:
        case Log.AUTH | Log.MAIL:
            return f"{month} {moment.day:2} {clock}"
        case Log.NGINX_ERROR:
            return f"{moment:%Y/%m/%d} {clock}"
        case Log.NGINX_ACCESS:
            return f"{moment.day:02}/{month}/{moment.year}:{clock} {moment:%z}"
        case Log.APACHE_ERROR:
            return f"{day} {month} {moment.day:02} {clock}.{moment.microsecond:06} {moment.year}"
        case Log.VSFTPD:
            return f"{day} {month} {moment.day:2} {clock} {moment.year}"
        case Log.ASTERISK | Log.MYSQL:
            return f"{moment:%Y-%m-%d} {clock}"
