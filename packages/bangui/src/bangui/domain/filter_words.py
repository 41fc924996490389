"""What a filter of the history is made of, as people write it: `ban,failure`, `DE,CN`, `AS4134`.

Several values stand between commas. Whatever is not understood raises `InvalidInput` with what could have been meant.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import TypeVar

from bangui.domain.errors import InvalidInput
from bangui.domain.history import EventKind, Origin
from bangui.domain.phrases import phrase

E = TypeVar("E", bound=Enum)

KIND_WORDS: Mapping[str, EventKind] = MappingProxyType({kind.value.replace(" ", "-"): kind for kind in EventKind})
ORIGIN_WORDS: Mapping[str, Origin] = MappingProxyType({origin.value: origin for origin in Origin})
_LARGEST_NETWORK = (1 << 32) - 1


def parse_kinds(text: str) -> tuple[EventKind, ...]:
    """Return kinds of events, each once; the plural of one is taken for it."""
    return _parse_words(text, KIND_WORDS)


def parse_origins(text: str) -> tuple[Origin, ...]:
    """Return origins of bans, each once."""
    return _parse_words(text, ORIGIN_WORDS)


def parse_countries(text: str) -> tuple[str, ...]:
    """Return codes of countries in upper case, each once."""
    codes = [code.upper() for code in _parts(text)]
    for code in codes:
        if len(code) != 2 or not code.isascii() or not code.isalpha():
            raise InvalidInput(
                phrase("{code!r} is no country", code=code), phrase("expected its two letters, such as DE or DE,CN")
            )
    return tuple(dict.fromkeys(codes))


def parse_networks(text: str) -> tuple[int, ...]:
    """Return the numbers of autonomous systems, each once; `AS` in front of one is left out."""
    numbers = []
    for word in _parts(text):
        digits = word.upper().removeprefix("AS")
        if not (digits.isascii() and digits.isdecimal() and len(digits) <= 10 and int(digits) <= _LARGEST_NETWORK):
            raise InvalidInput(
                phrase("{word!r} is no network", word=word), phrase("expected its number, such as AS4134 or 4134")
            )
        numbers.append(int(digits))
    return tuple(dict.fromkeys(numbers))


def _parse_words(text: str, known: Mapping[str, E]) -> tuple[E, ...]:
    found = []
    for word in _parts(text.lower()):
        value = known.get(word) or known.get(word.removesuffix("s"))
        if value is None:
            raise InvalidInput(
                phrase("{word!r} is not known", word=word),
                phrase("expected one of {choices}", choices=", ".join(known)),
            )
        found.append(value)
    return tuple(dict.fromkeys(found))


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",")]
