"""Log events of the client: a name and structured fields, which structlog's `ExtraAdder` renders as they are.

| event | level | fields |
|---|---|---|
| `fail2ban_socket_retry` | warning | `attempt`, `socket_errno`, `socket_path` |
| `fail2ban_command_waiting` | debug | `command`, `limit` |
| `fail2ban_sending_command` | debug | `command` |
| `fail2ban_received_response` | debug | `command`, `response` |
| `fail2ban_connection_error` | warning | `error`, `socket_path`, and `command` where it was one command's |
| `fail2ban_protocol_error` | error | `error`, `socket_path`, and `command` where it was one command's |

No text is longer than 200 characters: replies can be megabytes, and ids are written by attackers. Values of action
options do not appear: they hold the tokens and passwords of whoever is told about bans.
"""

from __future__ import annotations

import logging
import reprlib
from collections.abc import Sequence

from ._command import Fail2BanResponse

logger = logging.getLogger("aiofail2ban")
# A library stays silent until its user configures logging.
logger.addHandler(logging.NullHandler())

MAX_VALUE_CHARACTERS = 200

_REDACTED = "<redacted>"

_bounded = reprlib.Repr()
_bounded.maxlevel = 6
_bounded.maxlist = _bounded.maxtuple = _bounded.maxdict = _bounded.maxset = 40
_bounded.maxstring = _bounded.maxother = _bounded.maxlong = MAX_VALUE_CHARACTERS


def log_retry(attempt: int, errno: int | None, socket_path: str) -> None:
    logger.warning(
        "fail2ban_socket_retry",
        extra={"attempt": attempt, "socket_errno": errno, "socket_path": shorten(socket_path)},
    )


def log_waiting(command: Sequence[object], limit: int) -> None:
    logger.debug("fail2ban_command_waiting", extra={"command": shorten_command(command), "limit": limit})


def log_sending(command: Sequence[object]) -> None:
    logger.debug("fail2ban_sending_command", extra={"command": shorten_command(command)})


def log_received(command: Sequence[object], response: Fail2BanResponse) -> None:
    logger.debug(
        "fail2ban_received_response",
        extra={"command": shorten_command(command), "response": shorten_response(command, response)},
    )


def log_connection_error(error: Exception, socket_path: str, command: Sequence[object] | None = None) -> None:
    logger.warning("fail2ban_connection_error", extra=_error_fields(error, socket_path, command))


def log_protocol_error(error: Exception, socket_path: str, command: Sequence[object] | None = None) -> None:
    logger.error("fail2ban_protocol_error", extra=_error_fields(error, socket_path, command))


def _error_fields(error: Exception, socket_path: str, command: Sequence[object] | None) -> dict[str, object]:
    fields: dict[str, object] = {"error": shorten(str(error)), "socket_path": shorten(socket_path)}
    if command is not None:
        fields["command"] = shorten_command(command)
    return fields


def shorten(value: object) -> str:
    """Return the text of a value, cut to 200 characters."""
    text = value if isinstance(value, str) else _bounded.repr(value)
    if len(text) > MAX_VALUE_CHARACTERS:
        return text[: MAX_VALUE_CHARACTERS - 1] + "…"
    return text


def shorten_command(command: Sequence[object]) -> str:
    """Return a command for a log, cut to 200 characters, without the values of action options.

    Those stand in `set JAIL action NAME OPTION VALUE`, `set JAIL addaction NAME FILE JSON`, and in the commands
    inside `multi-set`, `reload` and `server-stream`.
    """
    words = list(command[:40])
    shown = len(words)
    match words:
        case ["set", _, "action" | "addaction", *_]:
            shown = 5
        case ["multi-set", _, "action", *_]:
            shown = 4
        case ["reload", *_]:
            shown = 3
        case ["server-stream", *_]:
            shown = 1
    if len(words) > shown:
        words[shown:] = [_REDACTED]
    return shorten(words)


def shorten_response(command: Sequence[object], response: Fail2BanResponse) -> str:
    """Return a reply for a log, cut to 200 characters, without the values of action options.

    The daemon repeats them in its answers to commands that read or set them, and in errors about them.
    """
    match list(command[:3]):
        case [_, _, "action" | "addaction"] | ["reload" | "server-stream", *_]:
            if isinstance(response, tuple):
                return shorten((response[0], _REDACTED))
    return shorten(response)
