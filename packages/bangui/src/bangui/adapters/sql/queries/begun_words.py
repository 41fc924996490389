"""The words that begin in some way, as far as they can be told one by one.

Asked for a beginning, SQLite's index of words first makes one list of all that it has under all of these words, which
takes as long as there are lines. Asked for the words themselves it reads no more than a page needs. They are found by
going from one to the next in the order of the index, in `word_list` (`engine`). PostgreSQL has no such order.
"""

from __future__ import annotations

from bangui.adapters.sql.queries.asker import Asker, query
from bangui.adapters.sql.queries.scope import following

MOST = 300
"""Of more words each page would take too long to find as well."""
# No word goes on with a character that is less.
_LEAST = "0"


def words_begun(asker: Asker, begun: str) -> tuple[str, ...] | None:
    """Return all words of stored lines that begin so; None where they cannot be told, or are too many."""
    if not asker.is_sqlite:
        return None
    words: list[str] = []
    end = following(begun)
    wanted = ("term >= :least", *(() if end is None else ("term < :end",)))
    sql = query("term", "word_list", wanted, "LIMIT 1")
    found = asker.column(sql, {"least": begun, "end": end})
    while found and len(words) <= MOST:
        words += found
        # From the least that may follow: to get past a word otherwise all of its lines would be read.
        found = asker.column(sql, {"least": words[-1] + _LEAST, "end": end})
    return tuple(words) if len(words) <= MOST else None
