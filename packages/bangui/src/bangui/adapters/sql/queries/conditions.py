"""The conditions of a scope in SQL, each by what it is about.

`e` is always the event. A condition on ids or words needs another table, which it is joined with or looks into.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

from bangui.adapters.sql.line_match import match_text
from bangui.adapters.sql.queries.asker import Asker, one_of, query
from bangui.adapters.sql.queries.scope import Scope, Words, following


class About(Enum):
    """What a condition is about."""

    HOST = "host"
    JAIL = "jail"
    KIND = "kind"
    ORIGIN = "origin"
    COUNTRY = "country"
    NETWORK = "network"
    ID = "id"
    WORDS = "words"


PLACES = (About.COUNTRY, About.NETWORK)


@dataclass(slots=True)
class Conditions:
    """Conditions, the tables that they need besides `e`, and their parameters."""

    wanted: list[str] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)
    parameters: dict[str, object] = field(default_factory=dict)


def conditions_of(asker: Asker, scope: Scope, about: Sequence[About]) -> Conditions:
    """Return the conditions of a scope about some things."""
    found = Conditions()
    numbers = {
        About.HOST: ("e.host", scope.hosts),
        About.JAIL: ("e.jail", scope.jails),
        About.KIND: ("e.kind", scope.kinds),
        About.ORIGIN: ("e.origin", scope.origins),
    }
    for what, (column, values) in numbers.items():
        if what in about and values is not None:
            found.wanted.append(one_of(column, values))
    if About.COUNTRY in about:
        add_places(found, "e.country", scope.countries)
    if About.NETWORK in about:
        add_places(found, "e.network", scope.networks)
    if About.ID in about and scope.has_ids:
        found.tables.append("CROSS JOIN ids i")
        found.wanted.append("i.number = e.id")
        add_ids(found, scope, "i")
    if About.WORDS in about and scope.words is not None:
        add_words(found, asker, scope.words)
    return found


def add_ids(found: Conditions, scope: Scope, alias: str) -> None:
    """Add what a scope says about ids themselves."""
    if scope.id is not None:
        found.wanted.append(f"{alias}.text = :id")
        found.parameters["id"] = scope.id
    if scope.within is not None:
        found.wanted += [f"{alias}.key >= :low", f"{alias}.key <= :high", f"{alias}.prefix >= :prefix"]
        found.parameters |= {"low": scope.within.low, "high": scope.within.high, "prefix": scope.within.prefix}
    if scope.prefix is not None:
        found.wanted.append(f"{alias}.text >= :begin")
        found.parameters["begin"] = scope.prefix
        if (end := following(scope.prefix)) is not None:
            found.wanted.append(f"{alias}.text < :end")
            found.parameters["end"] = end


def add_hints(found: Conditions, scope: Scope, alias: str) -> None:
    """Add that an id may have events in the places that are meant: it is there, or has moved."""
    for column, values in ((f"{alias}.country", scope.countries), (f"{alias}.network", scope.networks)):
        if values is not None:
            there = Conditions()
            add_places(there, column, values)
            found.wanted.append(f"({there.wanted[0]} OR {alias}.moved = 1)")
            found.parameters |= there.parameters


def add_places(found: Conditions, column: str, values: Sequence[str | int | None] | None) -> None:
    """Add that a column holds one of some values, or is null where that is what is asked for; nothing for None."""
    if values is None:
        return
    if None in values:
        found.wanted.append(f"{column} IS NULL")
        return
    stem = column.rpartition(".")[2]
    names = {f"{stem}{place}": value for place, value in enumerate(values)}
    found.wanted.append(f"{column} IN ({', '.join(f':{name}' for name in names)})")
    found.parameters |= names


def add_words(found: Conditions, asker: Asker, words: Words) -> None:
    """Add that the lines of an event hold words."""
    if asker.is_sqlite and words.begun is not None:
        # The index would look up the beginning of a word anew for each event.
        held = query("1", "lines l", ("l.number = e.lines", "lines_hold(l.packed, :held)"))
        found.parameters["held"] = match_text(words.whole, words.begun)
    else:
        held = query("1", "line_words w", (f"{words_number(asker)} = e.lines", words_match(asker)))
        found.parameters["words"] = words_text(asker, words)
    found.wanted += ["e.lines IS NOT NULL", f"EXISTS ({held})"]


def words_number(asker: Asker) -> str:
    """Return the column of the index of words (`w`) that says whose words they are."""
    return "w.rowid" if asker.is_sqlite else "w.number"


def words_match(asker: Asker) -> str:
    """Return the condition that a row of the index of words (`w`) holds the words `:words`."""
    return "w.line_words MATCH :words" if asker.is_sqlite else "w.words @@ CAST(:words AS tsquery)"


def words_text(asker: Asker, words: Words) -> str:
    """Return words as the database wants them; they are letters and digits and nothing else."""
    if asker.is_sqlite:
        wanted = [f'"{word}"' for word in words.whole]
        if words.meant is not None:
            wanted.append("(" + " OR ".join(f'"{word}"' for word in words.meant) + ")")
        elif words.begun is not None:
            wanted.append(f'"{words.begun}" *')
        return " AND ".join(wanted)
    begun = [] if words.begun is None else [f"'{words.begun}':*"]
    return " & ".join([*(f"'{word}'" for word in words.whole), *begun])
