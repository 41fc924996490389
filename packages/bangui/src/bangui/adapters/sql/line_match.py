"""Whether matched lines hold words, told from the lines themselves.

The index of words finds few lines among many. Where nearly every line is meant, and where a line is at hand anyhow,
reading it is quicker: SQLite calls this for each of them as a function of SQL.
"""

from __future__ import annotations

from functools import lru_cache

from bangui.adapters.sql.lines import unpack
from bangui.adapters.sql.words import words_of_all


def match_text(whole: tuple[str, ...], begun: str | None) -> str:
    """Return words as `hold` wants them: with spaces between them, and the one that is only begun with a `*`."""
    return " ".join([*whole, *(() if begun is None else (f"{begun}*",))])


def hold(packed: bytes, text: str) -> bool:
    """Whether packed lines hold all words of a text that `match_text` made."""
    words = words_of_all(unpack(packed))
    whole, begun = _parts(text)
    return whole.issubset(words) and all(any(word.startswith(start) for word in words) for start in begun)


@lru_cache(maxsize=64)
def _parts(text: str) -> tuple[frozenset[str], tuple[str, ...]]:
    words = text.split()
    begun = tuple(word[:-1] for word in words if word.endswith("*"))
    return frozenset(word for word in words if not word.endswith("*")), begun
