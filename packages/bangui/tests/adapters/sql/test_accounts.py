"""The store of accounts as a whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from bangui.adapters.sql.accounts import SqlAccountStore
from bangui.adapters.sql.engine import open_engine
from bangui.domain.access_ports import AccountStore
from bangui.domain.audit import AuditFilter
from bangui.domain.history_ports import StoreError, StoreTrouble
from bangui.domain.throttle import password_charges
from packages.bangui.tests.access import NOW, a_new_user, an_entry


def test_it_is_what_the_services_ask_for(location: str) -> None:
    engine = open_engine(location)
    store: AccountStore = SqlAccountStore(engine)
    assert store.users.count() == 0
    assert store.audit.page(AuditFilter(), 1).entries == ()
    engine.dispose()


def test_without_its_tables_it_says_so(tmp_path: Path) -> None:
    engine = open_engine(str(tmp_path / "history"))
    store = SqlAccountStore(engine)
    with pytest.raises(StoreError) as caught:
        store.users.credentials("ada")
    assert caught.value.trouble is StoreTrouble.MISSING
    engine.dispose()


def test_a_server_that_is_away_is_told(tmp_path: Path) -> None:
    engine = open_engine(f"postgresql://me:hush@/bans?host={tmp_path}")
    store = SqlAccountStore(engine)
    with pytest.raises(StoreError) as caught:
        store.logins.attempt(password_charges("192.0.2.1", "ada"), NOW)
    assert caught.value.trouble is StoreTrouble.AWAY
    assert "hush" not in str(caught.value)


def test_a_connection_that_was_cut_is_replaced(postgres_location: str) -> None:
    engine, other = open_engine(postgres_location), open_engine(postgres_location)
    store = SqlAccountStore(engine)
    store.users.add(a_new_user("ada"), an_entry())
    with other.connect() as connection:
        everybody_else = "FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"
        connection.execute(text(f"SELECT pg_terminate_backend(pid) {everybody_else}"))
    assert store.users.count() == 1
    engine.dispose()
    other.dispose()
