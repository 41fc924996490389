"""Answers to changes, kept for a while, so that a program whose connection broke can send its change again in peace.

A program names a change by a key of its own. The first request with a key is worked on; a later one with the same key
and the same content gets the answer of the first and changes nothing. Keys and contents are known by digests alone:
neither a password in a request nor a guessable key can be read from the database.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Protocol

KEPT_MILLISECONDS = 24 * 3_600_000
"""For how long an answer is kept."""
ABANDONED_MILLISECONDS = 600_000
"""After this a request without an answer counts as given up: the process that worked on it has ended."""
MOST_KEPT = 10_000
"""Of these the oldest go first, so that no program fills a disk with them."""
LONGEST_KEPT = 1 << 16
"""Bytes of a body that is kept."""


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer: its status, and its body as it was sent; None for a secret, and for one that is too long to keep."""

    status: int
    body: str | None


class Standing(Enum):
    """How it stands with a key."""

    NEW = "new"
    """Nobody has used it, and from now on it is being worked on."""
    IN_PROGRESS = "in progress"
    OTHER = "other"
    """It was used for something else."""
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class KeyState:
    """What is known of a key; `answer` is there where it is answered."""

    standing: Standing
    answer: KeptAnswer | None = None


@dataclass(frozen=True, slots=True)
class KeyedRequest:
    """A request by the digests of its key (and whose it is) and of its content."""

    key: bytes
    content: bytes


class AnswerStore(Protocol):
    """Keeps answers; its functions block, and raise `StoreError`."""

    def begin(self, request: KeyedRequest, now: int) -> KeyState:
        """Begin to work on a request, unless its key is known; forget what is too old."""
        ...

    def keep(self, request: KeyedRequest, answer: KeptAnswer) -> None:
        """Keep the answer to a request that was begun."""
        ...

    def forget(self, request: KeyedRequest) -> None:
        """Forget a request that was begun and came to nothing."""
        ...
