"""The link that makes the first administrator, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine

from bangui.adapters.sql.accounts import SqlAccountStore
from bangui.adapters.sql.engine import open_engine
from bangui.domain.accounts import Role
from packages.bangui.tests.access import NOW, a_new_user, an_entry


@pytest.fixture
def store(engine: Engine) -> SqlAccountStore:
    return SqlAccountStore(engine)


def test_a_link_is_good_until_its_end(store: SqlAccountStore) -> None:
    assert store.setup.offer(b"link", NOW + 10)
    assert store.setup.is_good(b"link", NOW + 9)
    assert not store.setup.is_good(b"link", NOW + 10)
    assert not store.setup.is_good(b"other", NOW)
    assert store.setup.use(b"link", a_new_user(), an_entry(time=NOW + 10)) is None
    assert store.users.count() == 0


def test_a_new_link_makes_the_old_one_void(store: SqlAccountStore) -> None:
    store.setup.offer(b"old", NOW + 10)
    store.setup.offer(b"new", NOW + 10)
    assert not store.setup.is_good(b"old", NOW)
    assert store.setup.is_good(b"new", NOW)


def test_a_link_makes_one_account(store: SqlAccountStore) -> None:
    store.setup.offer(b"link", NOW + 10)
    made = store.setup.use(b"link", a_new_user("ada"), an_entry())
    assert made is not None
    assert (made.name, made.role) == ("ada", Role.ADMIN)
    assert store.setup.use(b"link", a_new_user("grace"), an_entry()) is None
    assert [user.name for user in store.users.all()] == ["ada"]


def test_where_there_is_an_account_no_link_is_good(store: SqlAccountStore) -> None:
    store.setup.offer(b"link", NOW + 10)
    store.users.add(a_new_user("ada", Role.VIEWER), an_entry())
    assert not store.setup.is_good(b"link", NOW)
    assert store.setup.use(b"link", a_new_user("grace"), an_entry()) is None
    assert not store.setup.offer(b"another", NOW + 10)


def test_of_two_who_use_it_at_once_one_becomes_the_administrator(location: str, store: SqlAccountStore) -> None:
    store.setup.offer(b"link", NOW + 10)
    engine = open_engine(location)
    stores = [store, SqlAccountStore(engine)] * 2
    with ThreadPoolExecutor(4) as pool:
        jobs = [
            pool.submit(one.setup.use, b"link", a_new_user(f"user{number}"), an_entry())
            for number, one in enumerate(stores)
        ]
    engine.dispose()
    assert sum(job.result() is not None for job in jobs) == 1
    assert store.users.count() == 1
