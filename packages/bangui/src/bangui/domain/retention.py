"""How long what is kept, from the few settings that a person makes.

Everything is kept for good unless somebody sets an age, until it takes too much room: a disk that is full harms more
than a history that begins later. Failures are most of what happens and the first to lose their worth, so they can have
an age of their own.
"""

from __future__ import annotations

from dataclasses import dataclass

from bangui.domain.errors import InvalidInput
from bangui.domain.history import EventKind
from bangui.domain.history_ports import Retention
from bangui.domain.moments import parse_duration
from bangui.domain.phrases import phrase
from bangui.domain.sizes import parse_size

DEFAULT_SIZE = "5G"
"""More than ten million events with their matched lines."""

FOREVER = "forever"
UNLIMITED = "unlimited"

_ATTEMPTS = frozenset({EventKind.FAILURE, EventKind.IGNORED, EventKind.ALREADY_BANNED})
# A slip of the pen must not erase a history.
_SHORTEST = 3_600
_SMALLEST = 10_000_000


@dataclass(frozen=True, slots=True)
class RetentionWords:
    """How long what is kept, as people write it: `2y`, `forever`; `5G`, `unlimited`."""

    keep: str
    keep_failures: str
    keep_size: str

    def understood(self) -> Retention:
        """Return what the words mean, or raise `InvalidInput`."""
        return retention(parse_age(self.keep), parse_age(self.keep_failures), parse_max_bytes(self.keep_size))


def retention(keep: int | None, keep_failures: int | None, max_bytes: int | None) -> Retention:
    """Return how long what is kept; ages in seconds, None for good. Failures are never kept for longer than bans."""
    attempts = keep if keep_failures is None else min(keep_failures, keep or keep_failures)
    ages = {kind: attempts if kind in _ATTEMPTS else keep for kind in EventKind}
    return Retention({kind: age for kind, age in ages.items() if age is not None}, max_bytes)


def parse_age(text: str) -> int | None:
    """Return an age in seconds, None for `forever`; raise `InvalidInput` for what would keep next to nothing."""
    if text.strip().lower() == FOREVER:
        return None
    age = parse_duration(text)
    if age < _SHORTEST:
        raise InvalidInput(
            phrase("{text!r} would keep next to nothing", text=text), phrase("keep an hour at least, or say forever")
        )
    return age


def parse_max_bytes(text: str) -> int | None:
    """Return the most room that the history may take in bytes, None for `unlimited`."""
    if text.strip().lower() == UNLIMITED:
        return None
    size = parse_size(text)
    if size < _SMALLEST:
        raise InvalidInput(
            phrase("{text!r} would keep next to nothing", text=text), phrase("allow 10M at least, or say unlimited")
        )
    return size
