"""Accounts, on both databases: what must hold between rows holds, also when two change them at once."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select

from bangui.adapters.sql.accounts import SqlAccountStore
from bangui.adapters.sql.accounts_schema import metadata
from bangui.adapters.sql.engine import open_engine, reading
from bangui.domain.access_errors import AccountRefused, LastAdministrator, NameTaken, UnknownUser
from bangui.domain.access_ports import NewToken, UserChange
from bangui.domain.accounts import ApiToken, Role, Scope, Session, User
from bangui.domain.audit import AuditFilter
from bangui.domain.logins import Opening, Proof, SessionRules, Step
from bangui.domain.secret import Secret
from packages.bangui.tests.access import NOW, a_new_user, a_session, an_entry

DISABLED, ENABLED = UserChange(is_disabled=True), UserChange(is_disabled=False)


@pytest.fixture
def store(engine: Engine) -> SqlAccountStore:
    return SqlAccountStore(engine)


def add(store: SqlAccountStore, name: str, role: Role = Role.ADMIN) -> User:
    return store.users.add(a_new_user(name, role), an_entry(name))


def open_session(store: SqlAccountStore, user: User, digest: bytes) -> Session:
    session = a_session(user.id)
    opening = Opening(session, digest, Proof("hash"), new_device=(session.id, digest))
    assert store.sessions.open(opening, SessionRules(), an_entry())
    return session


def test_there_is_nobody_at_first(store: SqlAccountStore) -> None:
    assert store.users.count() == 0
    assert store.users.all() == []
    assert store.users.credentials("ada") is None
    assert store.users.credentials_of("0" * 16) is None


def test_an_account_is_what_was_asked_for(store: SqlAccountStore) -> None:
    new = a_new_user("ada", Role.OPERATOR)
    added = store.users.add(new, an_entry("ada"))
    assert added == User(new.id, "ada", Role.OPERATOR, False, NOW, True, False, password_changed=NOW)
    found = store.users.credentials("ada")
    assert found is not None
    assert (found.user, found.password_hash, found.code_secret) == (added, "hash", None)
    assert store.users.credentials_of(new.id) == found
    assert "hash'" not in repr(found)


def test_an_account_may_have_no_password(store: SqlAccountStore) -> None:
    added = store.users.add(a_new_user("proxy", Role.VIEWER, None), an_entry())
    assert (added.has_password, added.password_changed) == (False, None)


def test_accounts_come_in_the_order_of_their_names(store: SqlAccountStore) -> None:
    for name in ("b", "a.b", "a", "a@b", "_c".strip("_")):
        add(store, name)
    assert [user.name for user in store.users.all()] == ["a", "a.b", "a@b", "b", "c"]
    assert store.users.count() == 5


def test_a_name_is_given_once(store: SqlAccountStore) -> None:
    add(store, "ada")
    with pytest.raises(NameTaken):
        add(store, "ada")
    assert store.users.count() == 1


def test_a_change_changes_only_what_it_names(store: SqlAccountStore) -> None:
    add(store, "root")
    ada = add(store, "ada")
    store.users.change(ada.id, UserChange(role=Role.VIEWER), an_entry("ada", NOW + 5))
    found = store.users.credentials("ada")
    assert found is not None
    assert (found.user.role, found.user.is_disabled, found.user.password_changed) == (Role.VIEWER, False, NOW)
    store.users.change(ada.id, DISABLED, an_entry("ada"))
    store.users.change(ada.id, UserChange(password_hash="other"), an_entry("ada", NOW + 7))
    found = store.users.credentials("ada")
    assert found is not None
    assert (found.user.is_disabled, found.user.password_changed, found.password_hash) == (True, NOW + 7, "other")


def test_every_change_is_in_the_audit_trail_and_what_is_refused_is_not(store: SqlAccountStore) -> None:
    ada = add(store, "ada")
    store.users.change(ada.id, ENABLED, an_entry("ada", action="two"))
    for refused in (
        lambda: add(store, "ada"),
        lambda: store.users.change(ada.id, DISABLED, an_entry("ada")),
        lambda: store.users.remove(ada.id, an_entry("ada")),
        lambda: store.users.remove("0" * 16, an_entry("nobody")),
    ):
        with pytest.raises(AccountRefused):
            refused()
    entries = store.audit.page(AuditFilter(), 10).entries
    assert [recorded.entry.action for recorded in entries] == ["two", "test"]


def test_who_is_gone_cannot_be_changed(store: SqlAccountStore) -> None:
    with pytest.raises(UnknownUser, match="ada"):
        store.users.change("0" * 16, DISABLED, an_entry("ada"))


@pytest.mark.parametrize(
    "change",
    [
        lambda store, user: store.users.change(user.id, UserChange(role=Role.OPERATOR), an_entry()),
        lambda store, user: store.users.change(user.id, DISABLED, an_entry()),
        lambda store, user: store.users.remove(user.id, an_entry()),
    ],
)
def test_the_last_administrator_stays(store: SqlAccountStore, change: Callable[[SqlAccountStore, User], None]) -> None:
    ada, grace = add(store, "ada"), add(store, "grace")
    add(store, "viewer", Role.VIEWER)
    store.users.change(grace.id, DISABLED, an_entry())
    with pytest.raises(LastAdministrator):
        change(store, ada)
    store.users.change(grace.id, ENABLED, an_entry())
    change(store, ada)


def test_without_any_administrator_others_can_still_be_changed(store: SqlAccountStore) -> None:
    viewer = add(store, "viewer", Role.VIEWER)
    store.users.change(viewer.id, DISABLED, an_entry())
    store.users.remove(viewer.id, an_entry())
    assert store.users.count() == 0


def test_of_two_administrators_who_remove_each_other_at_once_one_stays(location: str, store: SqlAccountStore) -> None:
    pair = [add(store, "ada"), add(store, "grace")]
    engines = [open_engine(location) for _ in pair]
    barrier, refused = threading.Barrier(2), []

    def remove(user: User, engine: Engine) -> None:
        other = SqlAccountStore(engine)
        barrier.wait()
        try:
            other.users.remove(user.id, an_entry())
        except LastAdministrator as error:
            refused.append(error)

    threads = [threading.Thread(target=remove, args=pair_of) for pair_of in zip(pair, engines, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for engine in engines:
        engine.dispose()
    assert len(refused) == 1
    assert store.users.count() == 1


def test_another_password_ends_every_login_but_the_one_that_is_kept(store: SqlAccountStore) -> None:
    ada, grace = add(store, "ada"), add(store, "grace")
    kept, _ = open_session(store, ada, b"1"), open_session(store, ada, b"2")
    open_session(store, grace, b"3")
    store.logins.begin_step(Step(b"s", ada.id, NOW + 1_000), (), NOW)
    store.users.change(ada.id, UserChange(password_hash="other"), an_entry(), keep=kept.id)
    assert [session.id for session in store.sessions.of_user(ada.id)] == [kept.id]
    assert len(store.sessions.of_user(grace.id)) == 1
    assert store.logins.step(b"s", NOW) is None
    assert store.logins.device(b"1", 0) is None
    assert store.logins.device(b"3", 0) is not None


def test_whoever_is_disabled_has_no_session_any_more(store: SqlAccountStore) -> None:
    add(store, "root")
    ada = add(store, "ada")
    open_session(store, ada, b"1")
    store.users.change(ada.id, DISABLED, an_entry())
    assert store.sessions.of_user(ada.id) == []


def test_of_whoever_is_removed_nothing_is_left_but_what_they_did(engine: Engine, store: SqlAccountStore) -> None:
    add(store, "root")
    ada = add(store, "ada")
    open_session(store, ada, b"1")
    store.logins.begin_step(Step(b"s", ada.id, NOW + 1_000), (), NOW)
    store.codes.propose(ada.id, Secret("SECRET"))
    store.codes.turn_on(ada.id, 1, [b"r"], an_entry())
    token = ApiToken("1" * 16, ada.id, "ada", "x", "bgt_", frozenset({Scope.READ}), NOW, NOW + 1)
    store.tokens.add(NewToken(token, b"t"), 5, an_entry())
    store.users.remove(ada.id, an_entry("ada"))
    with reading(engine) as connection:
        for name in ("sessions", "devices", "api_tokens", "recovery_codes", "login_steps", "users"):
            table = metadata.tables[name]
            column = table.c.get("user", table.c.get("id"))
            assert column is not None
            assert connection.execute(select(table).where(column == ada.id)).all() == []
    assert len(store.audit.page(AuditFilter(target="ada"), 10).entries) == 2


def test_a_hash_is_only_replaced_by_one_of_the_same_password(store: SqlAccountStore) -> None:
    ada = add(store, "ada")
    store.users.rehash(ada.id, "another", "wrong")
    store.users.rehash(ada.id, "hash", "newer")
    found = store.users.credentials("ada")
    assert found is not None
    assert found.password_hash == "newer"
    assert found.user.password_changed == NOW
