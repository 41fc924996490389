"""Log events of the client: a name and structured fields, which structlog's `ExtraAdder` renders as they are."""

from __future__ import annotations

import logging
import reprlib
from collections.abc import Sequence

logger = logging.getLogger("aiofail2ban")
# A library stays silent until its user configures logging.
logger.addHandler(logging.NullHandler())

# No value is logged longer than this: replies can be megabytes, and ids are written by attackers.
MAX_VALUE_CHARACTERS = 200

_REDACTED = "<redacted>"

_bounded = reprlib.Repr()
_bounded.maxlevel = 6
_bounded.maxlist = _bounded.maxtuple = _bounded.maxdict = _bounded.maxset = 40
_bounded.maxstring = _bounded.maxother = _bounded.maxlong = MAX_VALUE_CHARACTERS


def shorten(value: object) -> str:
    """Return the text of a value, cut to 200 characters."""
    text = value if isinstance(value, str) else _bounded.repr(value)
    if len(text) > MAX_VALUE_CHARACTERS:
        return text[: MAX_VALUE_CHARACTERS - 1] + "…"
    return text


def shorten_command(command: Sequence[object]) -> str:
    """Return a command for a log, cut to 200 characters, without the values of action options.

    Those hold the tokens and passwords of whoever is told about bans: `set JAIL action NAME OPTION VALUE`,
    `set JAIL addaction NAME FILE JSON`, and the same inside `multi-set`, `reload` and `server-stream`.
    """
    words = list(command[:40])
    match words:
        case ["set" | "multi-set", _, "action", _, *_]:
            words[5:] = [_REDACTED] * (len(words) > 5)
            if words[0] == "multi-set":
                words[4:] = [_REDACTED]
        case ["set", _, "addaction", _, _, *_]:
            words[5:] = [_REDACTED] * (len(words) > 5)
        case ["reload", target, options, stream, *_] if isinstance(stream, list):
            words = ["reload", target, options, f"<{len(stream)} commands>"]
        case ["server-stream", stream, *_] if isinstance(stream, list):
            words = ["server-stream", f"<{len(stream)} commands>"]
    return shorten(words)
