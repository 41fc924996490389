"""Logs for whoever runs the service: one event a line on standard error, as `key=value`.

    2026-11-23T21:04:05+01:00 warning fail2ban_away problem="no socket" hint="start fail2ban"

Values are quoted and escaped, because some of them come from attackers.
"""

from __future__ import annotations

import json
import logging
import sys
from datetime import datetime
from textwrap import indent

# What every record has anyway; all the rest are the fields of the event.
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}


def start_logging(*, is_verbose: bool) -> None:
    """Send the logs of BanGUI, the library and the web server to standard error.

    Quiet means warnings only, and of the connection to the daemon none at all: the live state reports when the daemon
    goes and comes, while the library would report every single try.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(KeyValueFormatter())
    logging.basicConfig(handlers=[handler], level=logging.INFO if is_verbose else logging.WARNING, force=True)
    logging.getLogger("aiofail2ban").setLevel(logging.WARNING if is_verbose else logging.CRITICAL)
    logging.getLogger("alembic").setLevel(logging.WARNING)


class KeyValueFormatter(logging.Formatter):
    """Formats a record as its time, level and event, followed by the fields of the event."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line, and a traceback below it where there is one."""
        time = datetime.fromtimestamp(record.created).astimezone().isoformat(timespec="seconds")
        fields = [f"{name}={_quoted(value)}" for name, value in vars(record).items() if name not in _STANDARD]
        message = record.getMessage()
        event = message if message.isidentifier() else _quoted(message)
        line = " ".join([time, record.levelname.lower(), event, *fields])
        # Set in, so that no line of an error, which may quote an attacker, can pass for a line of the log.
        return f"{line}\n{indent(self.formatException(record.exc_info), '    ')}" if record.exc_info else line


def _quoted(value: object) -> str:
    text = str(value)
    is_plain = text.isascii() and text.isprintable() and not set(text) & set(' "=\\')
    return text if is_plain and text else json.dumps(text)


def keep_quiet() -> None:
    """Log nothing at all: for commands that tell what happens themselves."""
    logging.getLogger().addHandler(logging.NullHandler())
