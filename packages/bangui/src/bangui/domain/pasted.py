"""A list of addresses as somebody pastes it: out of a mail, a log, a block list, a spreadsheet.

    one address or network a line, or several with blanks, commas or semicolons between them
    what follows a `#` is a comment, and what follows a `;` unless it is another address
    of a table only the first column counts: a line with commas whose other columns are no addresses

Nothing is guessed: what is no address is a problem with the number of its line, and whoever pasted it decides. The same
address written twice, or in two ways, is one entry.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bangui.domain.addresses import Address, parse_address
from bangui.domain.errors import InvalidInput
from bangui.domain.phrases import phrase

MOST_ENTRIES = 10_000
MOST_PROBLEMS = 100
"""How many problems are told one by one; more are only counted."""
# Repeated or wrong, for each entry that a list may have: reading it must not take seconds.
_MOST_WORDS = 5
# Of a line with commas so many columns are looked at to see whether it is one of a table.
_MOST_COLUMNS = 20
_LONGEST_SHOWN = 80
_IN_PARTS = phrase("paste it in parts")

# How the first column of a table of addresses is called.
_HEADINGS = frozenset({"address", "cidr", "id", "ip", "ip address", "ip_address", "network", "source"})


@dataclass(frozen=True, slots=True)
class PastedEntry:
    """An address and where it stands; `written` is how."""

    line: int
    written: str
    address: Address


@dataclass(frozen=True, slots=True)
class PastedProblem:
    """Something in a line that is no address; `hint` says what to do."""

    line: int
    written: str
    problem: str
    hint: str


@dataclass(frozen=True, slots=True)
class Pasted:
    """What a list holds. `repeated` counts what was there already, `wrong` all problems, also those not in the list."""

    entries: tuple[PastedEntry, ...]
    problems: tuple[PastedProblem, ...] = ()
    wrong: int = 0
    repeated: int = 0

    @property
    def ids(self) -> tuple[str, ...]:
        """The addresses as fail2ban calls them."""
        return tuple(entry.address.text for entry in self.entries)


def parse_pasted(text: str, most: int = MOST_ENTRIES) -> Pasted:
    """Return what a pasted list holds; raise `InvalidInput` where it is longer than `most`."""
    entries: dict[str, PastedEntry] = {}
    problems: list[PastedProblem] = []
    wrong = repeated = 0
    for line, written in _words(text):
        if len(entries) + wrong + repeated >= most * _MOST_WORDS:
            raise InvalidInput(
                phrase("the list has more than {number} words", number=f"{most * _MOST_WORDS:,}"), _IN_PARTS
            )
        try:
            address = parse_address(written)
        except InvalidInput as error:
            wrong += 1
            if len(problems) < MOST_PROBLEMS:
                problems.append(PastedProblem(line, _cut(written), _problem(written, error), error.hint))
            continue
        if address.text in entries:
            repeated += 1
        elif len(entries) == most:
            raise InvalidInput(phrase("the list has more than {number} addresses", number=f"{most:,}"), _IN_PARTS)
        else:
            entries[address.text] = PastedEntry(line, written, address)
    return Pasted(tuple(entries.values()), tuple(problems), wrong, repeated)


def _words(text: str) -> Iterator[tuple[int, str]]:
    """Yield each word that should be an address, with the number of its line."""
    is_first = True
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number, line in enumerate(lines, 1):
        columns = [column.strip().strip("\"'").strip() for column in _without_comment(line).split(",")]
        if not any(columns):
            continue
        if is_first and columns[0].lower() in _HEADINGS:
            is_first = False
            continue
        is_first = False
        for column in columns[:1] if _is_table_row(columns) else columns:
            for word in column.split():
                yield number, word.strip("\"'")


def _without_comment(line: str) -> str:
    line = line.partition("#")[0]
    address, semicolon, rest = line.partition(";")
    if semicolon and all(map(_are_addresses, rest.split(";")[:_MOST_COLUMNS])):
        return line.replace(";", ",")
    return address


def _is_table_row(columns: list[str]) -> bool:
    """Whether only the first column of a line is meant: it is an address, and another column is not."""
    return len(columns) > 1 and _is_address(columns[0]) and not all(map(_are_addresses, columns[1:_MOST_COLUMNS]))


def _are_addresses(column: str) -> bool:
    return all(map(_is_address, column.split()))


def _is_address(word: str) -> bool:
    try:
        parse_address(word)
    except InvalidInput:
        return False
    return True


def _problem(written: str, error: InvalidInput) -> str:
    if len(written) <= _LONGEST_SHOWN:
        return error.message
    return phrase("{written} is not an address", written=repr(_cut(written)))


def _cut(written: str) -> str:
    return written if len(written) <= _LONGEST_SHOWN else f"{written[: _LONGEST_SHOWN - 1]}…"
