"""Names become numbers, once, and only of what was committed is anything remembered."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, select

from bangui.adapters.sql.counters import Counters, CounterTable
from bangui.adapters.sql.engine import reading, writing
from bangui.adapters.sql.names import Names
from bangui.adapters.sql.schema import hosts, jails
from bangui.adapters.sql.statements import Statements, Transaction
from bangui.domain.places import IPNetwork, Network, Place
from packages.bangui.tests.adapters.sql.places import Places


class _Odd(Places):
    """Places whose countries are no codes."""

    def find(self, network: IPNetwork) -> Place:
        return Place("Ärger", Network(7, "x"))


@contextmanager
def _transaction(engine: Engine, names: Names) -> Iterator[tuple[Transaction, Counters]]:
    table = CounterTable(Statements(engine.dialect.name))
    with writing(engine) as connection:
        transaction = Transaction(connection)
        counters = table.read(transaction)
        names.begin(1)
        yield transaction, counters
        table.write(transaction, counters)


def test_a_name_gets_a_row_once(engine: Engine) -> None:
    names = Names(Statements(engine.dialect.name), Places())
    numbers = []
    for _ in range(2):
        with _transaction(engine, names) as (transaction, counters):
            numbers.append([it["here"].number for it in (names.hosts(transaction, counters, ["here", "there"]),)])
            names.jails(transaction, counters, ["sshd"])
        names.commit()
    assert numbers[0] == numbers[1]
    with reading(engine) as connection:
        assert sorted(connection.execute(select(hosts.c.name)).scalars()) == ["here", "there"]
        assert connection.execute(select(jails.c.name)).scalars().all() == ["sshd"]


def test_names_that_are_alike_when_stored_are_one(engine: Engine) -> None:
    names = Names(Statements(engine.dialect.name), Places())
    with _transaction(engine, names) as (transaction, counters):
        found = names.hosts(transaction, counters, ["x" * 300, "x" * 400])
        of_ids = names.ids(transaction, counters, ["y\x00", "y\ufffd"])
    assert len({name.number for name in found.values()}) == 1
    assert of_ids["y\x00"] is of_ids["y\ufffd"]


def test_what_was_not_committed_is_not_remembered(engine: Engine) -> None:
    names = Names(Statements(engine.dialect.name), Places())
    for _ in range(2):
        with _transaction(engine, names) as (transaction, counters):
            names.ids(transaction, counters, ["192.0.2.1"])
            assert [new.id.text for new in names.new_ids.values()] == ["192.0.2.1"]
        names.forget()


def test_an_id_is_the_same_object_as_long_as_it_is_remembered(engine: Engine) -> None:
    names = Names(Statements(engine.dialect.name), Places())
    with _transaction(engine, names) as (transaction, counters):
        first = names.ids(transaction, counters, ["192.0.2.1"])["192.0.2.1"]
        again = names.ids(transaction, counters, ["192.0.2.1"])["192.0.2.1"]
    names.commit()
    with _transaction(engine, names) as (transaction, counters):
        later = names.ids(transaction, counters, ["192.0.2.1"])["192.0.2.1"]
        assert not names.new_ids
    assert first is again is later


def test_more_ids_than_can_be_remembered_are_all_found(engine: Engine) -> None:
    names = Names(Statements(engine.dialect.name), Places())
    texts = [f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}" for number in range(20_000)]
    with _transaction(engine, names) as (transaction, counters):
        found = names.ids(transaction, counters, texts)
    assert len({id.number for id in found.values()}) == len(texts)


def test_a_country_that_is_no_code_is_unknown(engine: Engine) -> None:
    names = Names(Statements(engine.dialect.name), _Odd())
    with _transaction(engine, names) as (transaction, counters):
        (id,) = names.ids(transaction, counters, ["192.0.2.1"]).values()
    assert (id.country, id.network, id.country_key) == (None, 7, 0)
