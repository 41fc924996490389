"""One-time and recovery codes, on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from bangui.adapters.sql.accounts import SqlAccountStore
from bangui.domain.access_errors import UnknownUser
from bangui.domain.accounts import Credentials
from bangui.domain.audit import AuditFilter
from bangui.domain.secret import Secret
from packages.bangui.tests.access import a_new_user, an_entry


@pytest.fixture
def store(engine: Engine) -> SqlAccountStore:
    return SqlAccountStore(engine)


@pytest.fixture
def user_id(store: SqlAccountStore) -> str:
    return store.users.add(a_new_user(), an_entry()).id


def credentials(store: SqlAccountStore, user_id: str) -> Credentials:
    found = store.users.credentials_of(user_id)
    assert found is not None
    return found


def test_what_is_proposed_does_not_count_yet(store: SqlAccountStore, user_id: str) -> None:
    store.codes.propose(user_id, Secret("FIRST"))
    store.codes.propose(user_id, Secret("SECOND"))
    found = credentials(store, user_id)
    assert (found.user.has_codes, found.code_secret) == (False, None)
    assert found.pending_code_secret == Secret("SECOND")
    assert "SECOND" not in repr(found)


def test_what_was_proposed_is_turned_on_once(store: SqlAccountStore, user_id: str) -> None:
    assert not store.codes.turn_on(user_id, 7, [], an_entry())
    store.codes.propose(user_id, Secret("FIRST"))
    assert store.codes.turn_on(user_id, 7, [b"1", b"2"], an_entry())
    assert not store.codes.turn_on(user_id, 8, [], an_entry())
    found = credentials(store, user_id)
    assert (found.user.has_codes, found.code_secret, found.used_code) == (True, Secret("FIRST"), 7)
    assert found.pending_code_secret is None
    assert store.codes.recovery_left(user_id) == 2
    assert len(store.audit.page(AuditFilter(), 10).entries) == 2


def test_turning_off_leaves_no_code_behind(store: SqlAccountStore, user_id: str) -> None:
    store.codes.propose(user_id, Secret("FIRST"))
    store.codes.turn_on(user_id, 7, [b"1"], an_entry())
    store.codes.propose(user_id, Secret("SECOND"))
    store.codes.turn_off(user_id, an_entry())
    found = credentials(store, user_id)
    assert (found.code_secret, found.pending_code_secret, found.used_code) == (None, None, None)
    assert store.codes.recovery_left(user_id) == 0


def test_new_recovery_codes_replace_all_old_ones(store: SqlAccountStore, user_id: str) -> None:
    store.codes.replace_recovery(user_id, [b"1", b"2"], an_entry())
    store.codes.replace_recovery(user_id, [b"2", b"3", b"4"], an_entry())
    assert store.codes.recovery_left(user_id) == 3


def test_codes_belong_to_somebody(store: SqlAccountStore) -> None:
    with pytest.raises(UnknownUser):
        store.codes.propose("0" * 16, Secret("FIRST"))
    with pytest.raises(UnknownUser):
        store.codes.turn_off("0" * 16, an_entry())
    with pytest.raises(UnknownUser):
        store.codes.replace_recovery("0" * 16, [b"1"], an_entry())
    assert not store.codes.turn_on("0" * 16, 1, [], an_entry())
