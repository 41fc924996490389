"""The words of matched lines, for the index and for whoever searches it: one rule of our own for both databases.

A word is a run of letters and digits of any script, in lower case. What tokenizers of SQLite and PostgreSQL would make
of a log line differs, and differs between their versions, so neither is asked: they get these words and keep them as
they are. An address or a path is the words between its dots and slashes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

LONGEST_WORD = 40
"""Characters of a word that count; what comes after them makes no other word."""
MOST_WORDS = 400
"""Words of one ban that can be found: some ten long log lines. An attacker decides how many there are."""

_WORD = re.compile(r"[^\W_]+")


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text, each once, in the order in which they first come."""
    return words_of_all((text,))


def words_of_all(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the words of several texts together."""
    words: dict[str, None] = {}
    for text in texts:
        words.update(dict.fromkeys(word[:LONGEST_WORD] for word in _WORD.findall(text.lower())))
        if len(words) >= MOST_WORDS:
            break
    return tuple(words)[:MOST_WORDS]
