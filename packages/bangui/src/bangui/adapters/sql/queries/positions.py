"""Where a page ends, and the token that the next one is asked for with.

A position is the place of an event in its order: what the order sorts by, then time, then number. A token holds that,
and a mark of the filter and the order, since it means nothing in any other list. It is opaque text that may stand in a
URL; the id inside it was perhaps written by an attacker, so whatever comes back is checked before it is used.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from dataclasses import dataclass
from hashlib import blake2b

from bangui.adapters.sql.storable import LATEST_TIME, LONGEST_ID
from bangui.domain.errors import InvalidInput
from bangui.domain.history_queries import Filter, Order, SortKey
from bangui.domain.phrases import phrase

_LARGEST_NUMBER = (1 << 63) - 1
_LONGEST_TOKEN = 8_192
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
    key = [part.hex() if isinstance(part, bytes) else part for part in position.key]
    text = json.dumps([_mark(filter, order), position.time, position.number, *key], separators=(",", ":"))
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode_position(token: str, filter: Filter, order: Order) -> Position:
    """Return the position in a token; raises `InvalidInput` for one that this list did not give."""
    if len(token) > _LONGEST_TOKEN:
        raise _foreign()
    try:
        parts = json.loads(urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4)))
    except (ValueError, RecursionError, Base64Error):
        raise _foreign() from None
    if not isinstance(parts, list) or len(parts) < 3 or parts[0] != _mark(filter, order):
        raise _foreign()
    _, time, number, *key = parts
    if not (_is_number(time, LATEST_TIME) and _is_number(number, _LARGEST_NUMBER)):
        raise _foreign()
    return Position(_key(order.key, key), time, number)


def _key(sort: SortKey, parts: list[object]) -> Key:
    match sort, parts:
        case SortKey.TIME, []:
            return ()
        case ((SortKey.JAIL | SortKey.COUNTRY), [str(text)]) if _is_text(text):
            return (text,)
        case SortKey.NETWORK, [int(number)] if _is_number(number, _LARGEST_NUMBER):
            return (number,)
        case SortKey.ADDRESS, [(0 | 1) as kind, str(key), str(text)] if _is_text(text):
            try:
                return (int(kind), bytes.fromhex(key)[:_LONGEST_KEY], text)
            except ValueError:
                raise _foreign() from None
    raise _foreign()


def _is_number(value: object, largest: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= largest


def _is_text(text: str) -> bool:
    """Whether a database would take it: half a surrogate pair, or a zero, is in no id of ours."""
    return len(text) <= LONGEST_ID and "\x00" not in text and text == text.encode("utf-8", "replace").decode()


def _mark(filter: Filter, order: Order) -> str:
    """Return what tells one list from another; the same in every process."""
    return blake2b(repr((filter, order)).encode("utf-8", "backslashreplace"), digest_size=9).hexdigest()


def _foreign() -> InvalidInput:
    return InvalidInput(phrase("this is no page of this list"), phrase("begin with the first page again"))
