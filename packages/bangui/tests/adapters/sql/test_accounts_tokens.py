"""API tokens, on both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Engine, update

from bangui.adapters.sql.accounts import SqlAccountStore
from bangui.adapters.sql.accounts_schema import api_tokens
from bangui.adapters.sql.engine import writing
from bangui.domain.access_errors import TooMany, UnknownUser
from bangui.domain.access_ports import NewToken
from bangui.domain.accounts import ApiToken, Scope, User
from packages.bangui.tests.access import NOW, a_new_user, an_entry, an_id


@pytest.fixture
def store(engine: Engine) -> SqlAccountStore:
    return SqlAccountStore(engine)


@pytest.fixture
def ada(store: SqlAccountStore) -> User:
    return store.users.add(a_new_user("ada"), an_entry())


def a_token(owner: User, created: int = NOW, ends: int = NOW + 1_000) -> ApiToken:
    scopes = frozenset({Scope.READ, Scope.BAN})
    return ApiToken(an_id(), owner.id, owner.name, "backup", "bgt_abcd", scopes, created, ends)


def test_a_token_is_found_by_its_digest_with_its_owner(store: SqlAccountStore, ada: User) -> None:
    token = a_token(ada)
    store.tokens.add(NewToken(token, b"1"), 5, an_entry())
    assert store.tokens.find(b"1") == (token, ada)
    assert store.tokens.find(b"2") is None


def test_its_last_use_is_known(store: SqlAccountStore, ada: User) -> None:
    token = a_token(ada)
    store.tokens.add(NewToken(token, b"1"), 5, an_entry())
    store.tokens.touch(token.id, NOW + 5, "2001:db8::1")
    assert store.tokens.all() == [replace(token, used=NOW + 5, used_from="2001:db8::1")]


def test_an_account_has_only_so_many_good_tokens(store: SqlAccountStore, ada: User) -> None:
    for number in range(3):
        store.tokens.add(NewToken(a_token(ada, ends=NOW + 10), bytes([number])), 3, an_entry())
    with pytest.raises(TooMany, match="3 tokens"):
        store.tokens.add(NewToken(a_token(ada), b"x"), 3, an_entry())
    store.tokens.add(NewToken(a_token(ada, created=NOW + 10, ends=NOW + 20), b"y"), 3, an_entry())
    assert len(store.tokens.all()) == 4


def test_tokens_that_are_long_over_go_when_one_is_made(store: SqlAccountStore, ada: User) -> None:
    month = 30 * 86_400_000
    for created, ends in ((NOW, NOW + 1), (NOW, NOW + 2), (NOW + month + 2, NOW + month + 9)):
        store.tokens.add(NewToken(a_token(ada, created, ends), ends.to_bytes(8, "big")), 5, an_entry())
    assert [token.ends - NOW for token in store.tokens.all()] == [month + 9, 2]


def test_tokens_are_listed_for_one_or_for_all_the_newest_first(store: SqlAccountStore, ada: User) -> None:
    grace = store.users.add(a_new_user("grace"), an_entry())
    for number, owner in enumerate((ada, grace, ada)):
        store.tokens.add(NewToken(a_token(owner, created=NOW + number), bytes([number])), 5, an_entry())
    assert [(token.user_name, token.created - NOW) for token in store.tokens.all()] == [
        ("ada", 2),
        ("grace", 1),
        ("ada", 0),
    ]
    assert [token.created - NOW for token in store.tokens.all(ada.id)] == [2, 0]


def test_a_token_is_removed_by_its_owner_only(store: SqlAccountStore, ada: User) -> None:
    token = a_token(ada)
    store.tokens.add(NewToken(token, b"1"), 5, an_entry())
    assert not store.tokens.remove(token.id, "0" * 16, an_entry())
    assert store.tokens.remove(token.id, ada.id, an_entry())
    assert not store.tokens.remove(token.id, None, an_entry())
    assert store.tokens.find(b"1") is None


def test_a_token_belongs_to_somebody(store: SqlAccountStore, ada: User) -> None:
    nobody = replace(ada, id="0" * 16, name="nobody")
    with pytest.raises(UnknownUser, match="nobody"):
        store.tokens.add(NewToken(a_token(nobody), b"1"), 5, an_entry())


def test_a_scope_of_a_newer_bangui_gives_nothing(store: SqlAccountStore, engine: Engine, ada: User) -> None:
    store.tokens.add(NewToken(a_token(ada), b"1"), 5, an_entry())
    with writing(engine) as connection:
        connection.execute(update(api_tokens).values(scopes="read teleport"))
    found = store.tokens.find(b"1")
    assert found is not None
    assert found[0].scopes == {Scope.READ}
