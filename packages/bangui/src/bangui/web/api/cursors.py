"""Places in lists as one word, that a program sends back as it got it.

A word names the list that it belongs to (a digest of filters and order), so that it is refused in another one.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json

from bangui.domain.errors import InvalidInput

LONGEST_CURSOR = 4_000
_LONGEST_TEXT = 300
# A place that was cut skips what it cannot tell apart, and never stays where it is: this comes after every text that
# begins alike, and the mere beginning before all of them.
_LAST = "\U0010ffff"

Fact = str | int | float


def encode_cursor(list_name: str, facts: tuple[Fact, ...], *, is_turned: bool = False) -> str:
    """Return a place in a list as one word, safe in a URL; `is_turned` where the list has the greatest first."""
    end = "" if is_turned else _LAST
    kept = [_cut(fact, end) if isinstance(fact, str) else fact for fact in facts]
    text = json.dumps([_digest(list_name), *kept], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode("utf-8", "surrogatepass")).decode().rstrip("=")


def decode_cursor(word: str, list_name: str, kinds: tuple[type[Fact], ...]) -> tuple[Fact, ...]:
    """Return the place that a word names, or raise `InvalidInput`."""
    try:
        written = base64.b64decode(word + "=" * (-len(word) % 4), altchars=b"-_", validate=True)
        found = json.loads(written.decode("utf-8", "surrogatepass"), parse_constant=_refuse)
    except (ValueError, RecursionError, binascii.Error):
        raise _lost() from None
    if not isinstance(found, list) or len(found) != len(kinds) + 1 or found[0] != _digest(list_name):
        raise _lost()
    facts = found[1:]
    if not all(type(fact) is kind for fact, kind in zip(facts, kinds, strict=True)):
        raise _lost()
    return tuple(facts)


def _refuse(word: str) -> object:
    raise ValueError(word)


def _digest(list_name: str) -> str:
    return hashlib.blake2b(list_name.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def _cut(text: str, end: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else text[:_LONGEST_TEXT] + end


def _lost() -> InvalidInput:
    return InvalidInput("this is no place in this list", "send `next` of the page before, with the same parameters")
