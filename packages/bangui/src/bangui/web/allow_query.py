"""The address of a view of the allow list, and what it asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from urllib.parse import urlencode

from bangui.domain.addresses import Address
from bangui.domain.allow_list import AllowLine, AllowOrigin, address_of

ALLOW_PATH = "/allow-list"
ADD_PATH = "/allow-list/add"
REMOVE_PATH = "/allow-list/remove"

_LONGEST = 300
PAGE_SIZE = 200
_MOST_ROWS = 10_000


@dataclass(frozen=True, slots=True)
class AllowQuery:
    """The fields of a search as they were typed; empty asks for nothing.

    `q` is an address, for what covers it and what lies in it, or a text of an entry, a note or an author. `entry` is
    what the form of an addition begins with, `rows` how many rows are shown.
    """

    q: str = ""
    jail: str = ""
    origin: str = ""
    entry: str = ""
    rows: str = ""

    @property
    def is_filtered(self) -> bool:
        """Whether some entries are left out."""
        return bool(self.q or self.jail or self.origin)

    @property
    def most_rows(self) -> int:
        """How many rows are shown."""
        is_number = self.rows.isascii() and self.rows.isdecimal() and len(self.rows) <= 6
        return min(max(int(self.rows), PAGE_SIZE), _MOST_ROWS) if is_number else PAGE_SIZE


_FIELDS = tuple(field.name for field in fields(AllowQuery))


def read_allow_query(parameters: Mapping[str, str]) -> AllowQuery:
    """Return the fields that a URL has, cut where they are too long for anything."""
    values = {name: parameters.get(name, "")[:_LONGEST] for name in _FIELDS}
    return AllowQuery(**{name: value if name == "jail" else value.strip() for name, value in values.items()})


def is_untidy(parameters: Mapping[str, str]) -> bool:
    """Whether a URL comes from a form and not from a link: it names fields that are empty."""
    return any(name in parameters and not parameters[name].strip() for name in _FIELDS)


def allow_path(query: AllowQuery, base: str = ALLOW_PATH) -> str:
    """Return the address that shows this view."""
    values = {name: getattr(query, name) for name in _FIELDS}
    # A lone surrogate cannot travel in a URL.
    parameters = urlencode({name: value for name, value in values.items() if value}, errors="replace", safe=":/,")
    return f"{base}?{parameters}" if parameters else base


def matches(line: AllowLine, query: AllowQuery) -> bool:
    """Whether a line is what the query asks for."""
    if query.jail and query.jail not in (*line.jails, *line.missing, *line.stopped):
        return False
    if query.origin in {origin.value for origin in AllowOrigin} and line.origin.value != query.origin:
        return False
    return not query.q or _is_found(line, query.q)


def _is_found(line: AllowLine, text: str) -> bool:
    wanted, found = address_of(text), address_of(line.entry)
    if wanted is not None and found is not None:
        return _touch(wanted, found)
    words = text.casefold()
    return any(words in told.casefold() for told in (line.entry, line.note, line.author))


def _touch(one: Address, other: Address) -> bool:
    return one.contains(other) or other.contains(one)
