"""Where a page ends, and the token that the next one is asked for with.

A position is the place of an event in its order: what the order sorts by, then time, then number. A token holds that,
and a mark of the filter and the order, since it means nothing in any other list. It is opaque text that may stand in a
URL; the id inside it was perhaps written by an attacker, so whatever comes back is checked before it is used.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from dataclasses import dataclass
from hashlib import blake2b

from bangui.adapters.sql.storable import LATEST_TIME, LONGEST_ID
from bangui.domain.errors import InvalidInput
from bangui.domain.history_queries import Filter, Order, SortKey
from bangui.domain.phrases import phrase

_LARGEST_NUMBER = (1 << 63) - 1
# No id of ours contains it. Nothing else is escaped, so that a token is little longer than the id in it.
_SEPARATOR = "\x00"
# An id of 500 characters that are four bytes each makes the longest one, of 2,830 characters.
_LONGEST_TOKEN = 3_000
_LONGEST_KEY = 17

Key = tuple[int | str | bytes, ...]
"""What an order sorts by besides time: nothing, a name, a code, a number; or 0, the key and the text of an address, or
1, no key and the text of an id that is none."""


@dataclass(frozen=True, slots=True)
class Position:
    """The place of an event in an order."""

    key: Key
    time: int
    number: int


def encode_position(position: Position, filter: Filter, order: Order) -> str:
    """Return the token of the page after a position."""
    key = (part.hex() if isinstance(part, bytes) else str(part) for part in position.key)
    text = _SEPARATOR.join((_mark(filter, order), str(position.time), str(position.number), *key))
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode_position(token: str, filter: Filter, order: Order) -> Position:
    """Return the position in a token; raises `InvalidInput` for one that this list did not give."""
    if len(token) > _LONGEST_TOKEN:
        raise _foreign()
    try:
        text = urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4)).decode()
    except (ValueError, Base64Error):
        raise _foreign() from None
    mark, *parts = text.split(_SEPARATOR)
    if len(parts) < 2 or mark != _mark(filter, order):
        raise _foreign()
    time, number, *key = parts
    return Position(_key(order.key, key), _number(time, LATEST_TIME), _number(number, _LARGEST_NUMBER))


def _key(sort: SortKey, parts: list[str]) -> Key:
    match sort, parts:
        case SortKey.TIME, []:
            return ()
        case ((SortKey.JAIL | SortKey.COUNTRY), [text]) if len(text) <= LONGEST_ID:
            return (text,)
        case SortKey.NETWORK, [number]:
            return (_number(number, _LARGEST_NUMBER),)
        case SortKey.ADDRESS, [kind, key, text] if len(text) <= LONGEST_ID:
            try:
                return (_number(kind, 1), bytes.fromhex(key)[:_LONGEST_KEY], text)
            except ValueError:
                raise _foreign() from None
    raise _foreign()


def _number(text: str, largest: int) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(largest)) and int(text) <= largest):
        raise _foreign()
    return int(text)


def _mark(filter: Filter, order: Order) -> str:
    """Return what tells one list from another; the same in every process."""
    return blake2b(repr((filter, order)).encode("utf-8", "backslashreplace"), digest_size=9).hexdigest()


def _foreign() -> InvalidInput:
    return InvalidInput(phrase("this is no page of this list"), phrase("begin with the first page again"))
