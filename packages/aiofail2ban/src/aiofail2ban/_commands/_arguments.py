"""Checks of what a caller passes, made before it becomes a token.

The daemon evaluates several values as Python code, as root: every time span, and the parts of the increment of ban
times. Those leave only as what the functions here return. `TypeError` and `ValueError` say what is wrong with an
argument; text with fail2ban's end marker is refused with `Fail2BanProtocolError`, by the encoder's own check.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from aiofail2ban._durations import parse_duration
from aiofail2ban._encode import END_MARKER, encode_request
from aiofail2ban.types import BanId, Duration

PERMANENT = -1

# Some 3,000 years. The daemon adds time spans to the clock, and a sum beyond what its clock can show makes every
# later list of bans fail.
MAX_SECONDS = 100_000_000_000

_END_MARKER = END_MARKER.decode("ascii")
_ADDRESSES = (IPv4Address, IPv6Address, IPv4Network, IPv6Network)


def check_text(text: str, what: str = "the value") -> str:
    """Return `text` if it is one and may be sent."""
    if not isinstance(text, str):
        raise TypeError(f"{what} must be a text, not {type(text).__name__}")
    if _END_MARKER in text:
        # Raises; the encoder knows the words.
        encode_request((text,))
    return text


def check_number(number: int, minimum: int, what: str) -> int:
    """Return `number` if it is whole and at least `minimum`."""
    if isinstance(number, bool) or not isinstance(number, int):
        raise TypeError(f"{what} must be a whole number, not {type(number).__name__}")
    if number < minimum:
        raise ValueError(f"{what} must be at least {minimum}, not {number}")
    return int(number)


def check_bool(value: bool, what: str) -> bool:
    """Return `value` if it is True or False: a text such as "false" would count as true."""
    if not isinstance(value, bool):
        raise TypeError(f"{what} must be True or False, not {type(value).__name__}")
    return value


def to_seconds(duration: Duration, what: str, *, minimum: int = 0) -> int:
    """Return a time span in seconds; a text such as `1h 30m` is read here, never by the daemon."""
    if isinstance(duration, str):
        seconds = parse_duration(check_text(duration, what))
    elif isinstance(duration, bool) or not isinstance(duration, int):
        raise TypeError(f"{what} must be whole seconds or a text such as '1h', not {type(duration).__name__}")
    else:
        seconds = int(duration)
    if seconds < minimum:
        raise ValueError(f"{what} must be at least {minimum} s, not {seconds}")
    if seconds > MAX_SECONDS:
        raise ValueError(f"{what} must be at most {MAX_SECONDS} s, not {seconds}")
    return seconds


def to_ids(ids: BanId | Iterable[BanId]) -> tuple[str, ...]:
    """Return what to ban as texts; one id may stand for a list of one."""
    if isinstance(ids, (str, *_ADDRESSES)):
        return (check_id(ids),)
    # Iterating over a network gives its addresses, which is not what somebody who bans it means: hence the line above.
    return tuple([check_id(id) for id in ids])


def check_id(id: BanId) -> str:
    """Return one id as a text; any text is one."""
    if isinstance(id, str):
        return check_text(id, "an id")
    if isinstance(id, _ADDRESSES):
        return str(id)
    raise TypeError(f"an id is a text or an address, not {type(id).__name__}")
