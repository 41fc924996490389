"""Names of hosts and jails, and ids, as numbers: looked up once, then remembered.

What is remembered is bounded, and what a transaction adds is remembered once it is committed. Another process may
forget ids meanwhile, with all of their events: a number is never used twice, and whoever records an event changes the
row of its id, so a row that is gone is noticed (`tally.StaleNames`). Names of hosts and jails are never forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Table, bindparam, select

from bangui.adapters.sql.counters import Counters
from bangui.adapters.sql.id_keys import IdKey, country_key, id_key
from bangui.adapters.sql.remembered import Remembered
from bangui.adapters.sql.schema import hosts, ids, jails
from bangui.adapters.sql.statements import Statements, Transaction, make_lookup
from bangui.adapters.sql.storable import LONGEST_ID, LONGEST_NAME, storable_text
from bangui.domain.places import NOWHERE, PlaceFinder

_IDS_REMEMBERED = 16_384
_NAMES_REMEMBERED = 1_024


class Name(NamedTuple):
    """A host or a jail: the number and the text of its row."""

    number: int
    text: str


class Id:
    """An id as events are counted by it; two are the same only if they are one object, which is quick to compare.

    `country` and `network` are those of the events that are counted, `subnet` is the key of `RollupKey.SUBNET`.
    """

    __slots__ = ("country", "country_key", "network", "number", "subnet", "text")

    def __init__(self, number: int, text: str, country: str | None, network: int | None, subnet: int | None) -> None:
        self.number = number
        self.text = text
        self.country = country
        self.network = network
        self.country_key = country_key(country)
        self.subnet = subnet


@dataclass(frozen=True, slots=True)
class NewId:
    """An id without a row so far."""

    id: Id
    key: IdKey | None


class Names:
    """Everything that is remembered by one writer, and what its transaction has added."""

    def __init__(self, statements: Statements, places: PlaceFinder) -> None:
        self._places = places
        self._sources = places.sources()
        self._history = 0
        self._hosts = _NameTable(statements, hosts)
        self._jails = _NameTable(statements, jails)
        self._ids: Remembered[Id] = Remembered(_IDS_REMEMBERED)
        self._find_ids = make_lookup(
            statements, select(ids.c.text, ids.c.number, ids.c.country, ids.c.network), ids.c.text
        )
        self._new: dict[str, NewId] = {}
        self.moved_ids: list[Id] = []

    def begin(self, history: int) -> None:
        """Begin a transaction in a history (`Counters.identity`)."""
        if history != self._history:
            self.forget()
            self._history = history
        sources = self._places.sources()
        if sources != self._sources:
            # Where ids are has to be looked up anew, in other data.
            self._ids.clear()
            self._sources = sources
        self._drop_what_is_new()

    def commit(self) -> None:
        """Remember what the transaction has added."""
        for new in self._new.values():
            self._ids.set(new.id.text, new.id)
        self._hosts.commit()
        self._jails.commit()
        self._drop_what_is_new()

    def forget(self) -> None:
        """Forget everything, which is right at any time."""
        self._hosts.forget()
        self._jails.forget()
        self._ids.clear()
        self._drop_what_is_new()

    @property
    def new_ids(self) -> dict[int, NewId]:
        """Ids of this transaction that need rows, by their numbers."""
        return {new.id.number: new for new in self._new.values()}

    def hosts(self, transaction: Transaction, counters: Counters, names: Iterable[str]) -> dict[str, Name]:
        """Return hosts, which get rows."""
        return {name: self._hosts.find(transaction, counters, name) for name in names}

    def jails(self, transaction: Transaction, counters: Counters, names: Iterable[str]) -> dict[str, Name]:
        """Return jails, which get rows."""
        return {name: self._jails.find(transaction, counters, name) for name in names}

    def ids(self, transaction: Transaction, counters: Counters, names: Iterable[str]) -> dict[str, Id]:
        """Return ids; those without a row are in `new_ids`, those that are somewhere else now in `moved_ids`."""
        found: dict[str, Id] = {}
        unknown: dict[str, list[str]] = {}
        for name in names:
            text = storable_text(name, LONGEST_ID)
            known = self._ids.get(text)
            if known is None and (new := self._new.get(text)):
                known = new.id
            if known is None:
                unknown.setdefault(text, []).append(name)
            else:
                found[name] = known
        if unknown:
            for text, id in self._find_unknown(transaction, counters, list(unknown)).items():
                found.update(dict.fromkeys(unknown[text], id))
        return found

    def _find_unknown(self, transaction: Transaction, counters: Counters, texts: list[str]) -> dict[str, Id]:
        found: dict[str, Id] = {}
        rows = {row[0]: row for row in transaction.fetch_for(self._find_ids, texts)}
        number = counters.take(ids.name, len(texts) - len(rows)) if len(rows) < len(texts) else 0
        for text in texts:
            key = id_key(text)
            country, network = self._place(key)
            subnet = key.subnet if key else None
            if row := rows.get(text):
                found[text] = id = Id(row[1], text, country, network, subnet)
                self._ids.set(text, id)
                if (country, network) != row[2:]:
                    self.moved_ids.append(id)
            else:
                found[text] = id = Id(number, text, country, network, subnet)
                self._new[text] = NewId(id, key)
                number += 1
        return found

    def _place(self, key: IdKey | None) -> tuple[str | None, int | None]:
        place = NOWHERE if key is None else self._places.find(key.network)
        country = place.country
        if country is not None and not (len(country) == 2 and country.isascii()):
            country = None
        return country, place.network.number if place.network else None

    def _drop_what_is_new(self) -> None:
        self._hosts.new.clear()
        self._jails.new.clear()
        self._new = {}
        self.moved_ids = []


class _NameTable:
    """Hosts or jails."""

    def __init__(self, statements: Statements, table: Table) -> None:
        self._table = table.name
        self._remembered: Remembered[Name] = Remembered(_NAMES_REMEMBERED)
        self._find = statements.compile(select(table.c.number).where(table.c.name == bindparam("name")))
        self._insert = statements.compile(table.insert())
        self.new: dict[str, Name] = {}

    def find(self, transaction: Transaction, counters: Counters, name: str) -> Name:
        """Return a name, which gets a row if it has none."""
        text = storable_text(name, LONGEST_NAME)
        found = self._remembered.get(text) or self.new.get(text)
        if found is None:
            self.new[text] = found = Name(self._find_or_add(transaction, counters, text), text)
        return found

    def _find_or_add(self, transaction: Transaction, counters: Counters, text: str) -> int:
        for (number,) in transaction.fetch(self._find, (text,)):
            return int(number)
        number = counters.take(self._table)
        transaction.run(self._insert, [(number, text)])
        return number

    def commit(self) -> None:
        for text, name in self.new.items():
            self._remembered.set(text, name)

    def forget(self) -> None:
        self._remembered.clear()
