"""Sessions, on both databases: one is opened only for what is still proven, and is gone when it was ended."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import Engine

from bangui.adapters.sql.accounts import SqlAccountStore
from bangui.adapters.sql.engine import open_engine
from bangui.domain.access_ports import UserChange
from bangui.domain.accounts import Role, Session, User
from bangui.domain.audit import AuditFilter
from bangui.domain.logins import Opening, Proof, SessionRules, Step
from bangui.domain.secret import Secret
from bangui.domain.throttle import password_charges
from packages.bangui.tests.access import NOW, a_new_user, a_session, an_entry

RULES = SessionRules()
RIGHT = Proof("hash")


@pytest.fixture
def store(engine: Engine) -> SqlAccountStore:
    return SqlAccountStore(engine)


@pytest.fixture
def ada(store: SqlAccountStore) -> User:
    store.users.add(a_new_user("root"), an_entry())
    return store.users.add(a_new_user("ada", Role.OPERATOR), an_entry())


def open_session(store: SqlAccountStore, user: User, digest: bytes, proof: Proof = RIGHT, now: int = NOW) -> Session:
    session = a_session(user.id, now)
    assert store.sessions.open(Opening(session, digest, proof), RULES, an_entry(time=now))
    return session


def turn_codes_on(store: SqlAccountStore, user: User) -> None:
    store.codes.propose(user.id, Secret("SECRET"))
    assert store.codes.turn_on(user.id, 100, [b"recovery"], an_entry())


def begin_step(store: SqlAccountStore, user: User, digest: bytes = b"step") -> bytes:
    store.logins.begin_step(Step(digest, user.id, NOW + 1_000), (), NOW)
    return digest


def test_a_session_is_found_by_its_digest_with_its_owner(store: SqlAccountStore, ada: User) -> None:
    session = open_session(store, ada, b"1")
    found = store.sessions.find(b"1")
    assert found is not None
    assert found[0] == session
    assert found[1] == replace(ada, last_login=NOW)
    assert store.sessions.find(b"2") is None


@pytest.mark.parametrize(
    ("agent", "kept"),
    [("x" * 5_000, "x" * 200), ("a\x00b", "a\ufffdb"), ("a\ud800b", "a?b"), ("\u202e<b>\x1b[2J", "\u202e<b>\x1b[2J")],
)
def test_what_a_browser_says_of_itself_is_kept_as_far_as_it_can_be(
    store: SqlAccountStore, ada: User, agent: str, kept: str
) -> None:
    session = replace(a_session(ada.id), agent=agent, address=None)
    assert store.sessions.open(Opening(session, b"1", RIGHT), RULES, an_entry())
    (found,) = store.sessions.of_user(ada.id)
    assert (found.agent, found.address) == (kept, None)


@pytest.mark.parametrize(
    "change",
    [UserChange(password_hash="other"), UserChange(is_disabled=True)],
)
def test_no_session_is_opened_for_an_account_that_has_changed(
    store: SqlAccountStore, ada: User, change: UserChange
) -> None:
    store.users.change(ada.id, change, an_entry())
    assert not store.sessions.open(Opening(a_session(ada.id), b"1", RIGHT), RULES, an_entry())
    assert store.sessions.of_user(ada.id) == []


def test_no_session_is_opened_for_an_account_that_is_gone(store: SqlAccountStore, ada: User) -> None:
    store.users.remove(ada.id, an_entry())
    assert not store.sessions.open(Opening(a_session(ada.id), b"1", RIGHT), RULES, an_entry())


def test_a_password_alone_opens_nothing_where_codes_were_turned_on(store: SqlAccountStore, ada: User) -> None:
    turn_codes_on(store, ada)
    assert not store.sessions.open(Opening(a_session(ada.id), b"1", RIGHT), RULES, an_entry())


def test_a_code_is_used_up_with_its_step(store: SqlAccountStore, ada: User) -> None:
    turn_codes_on(store, ada)
    proof = Proof("hash", begin_step(store, ada), 101, 100)
    open_session(store, ada, b"1", proof)
    begin_step(store, ada)
    assert not store.sessions.open(Opening(a_session(ada.id), b"2", proof), RULES, an_entry())
    found = store.users.credentials_of(ada.id)
    assert found is not None
    assert found.used_code == 101
    assert len(store.sessions.of_user(ada.id)) == 1


def test_a_step_is_used_up_with_its_code(store: SqlAccountStore, ada: User) -> None:
    turn_codes_on(store, ada)
    open_session(store, ada, b"1", Proof("hash", begin_step(store, ada), 101, 100))
    again = Opening(a_session(ada.id), b"2", Proof("hash", b"step", 102, 101))
    assert not store.sessions.open(again, RULES, an_entry())
    found = store.users.credentials_of(ada.id)
    assert found is not None
    assert found.used_code == 101


def test_a_recovery_code_is_good_once(store: SqlAccountStore, ada: User) -> None:
    turn_codes_on(store, ada)
    open_session(store, ada, b"1", Proof("hash", begin_step(store, ada), recovery=b"recovery"))
    assert store.codes.recovery_left(ada.id) == 0
    again = Proof("hash", begin_step(store, ada), recovery=b"recovery")
    assert not store.sessions.open(Opening(a_session(ada.id), b"2", again), RULES, an_entry())
    assert store.logins.step(b"step", NOW) is not None, "a wrong code leaves the step to the next one"


def test_one_code_entered_twice_at_once_in_two_processes_opens_one_session(
    location: str, store: SqlAccountStore, ada: User
) -> None:
    turn_codes_on(store, ada)
    digests = [begin_step(store, ada, bytes([number])) for number in range(4)]
    engine = open_engine(location)
    stores = [store, SqlAccountStore(engine)] * 2

    def enter(number: int) -> bool:
        opening = Opening(a_session(ada.id), bytes([number]), Proof("hash", digests[number], 101, 100))
        return stores[number].sessions.open(opening, RULES, an_entry())

    with ThreadPoolExecutor(4) as pool:
        opened = list(pool.map(enter, range(4)))
    engine.dispose()
    assert sum(opened) == 1
    assert len(store.sessions.of_user(ada.id)) == 1


def test_a_new_session_replaces_the_one_that_the_browser_had(store: SqlAccountStore, ada: User) -> None:
    open_session(store, ada, b"planted")
    opening = Opening(a_session(ada.id), b"new", RIGHT, replaces=b"planted")
    assert store.sessions.open(opening, RULES, an_entry())
    assert store.sessions.find(b"planted") is None
    assert store.sessions.find(b"new") is not None


def test_a_session_gives_the_charges_of_its_login_back(store: SqlAccountStore, ada: User) -> None:
    charges = password_charges("192.0.2.1", "ada")
    for number in range(20):
        assert store.logins.attempt(charges, NOW) is None
        opening = Opening(a_session(ada.id), bytes([number]), RIGHT, given_back=charges)
        assert store.sessions.open(opening, RULES, an_entry())


def test_sessions_that_are_over_go_when_one_is_opened(store: SqlAccountStore, ada: User) -> None:
    open_session(store, ada, b"1")
    open_session(store, ada, b"2", now=NOW + RULES.idle * 1000 + 1)
    assert store.sessions.find(b"1") is None


def test_the_oldest_session_and_browser_go_for_one_too_many(store: SqlAccountStore, ada: User) -> None:
    rules = replace(RULES, most_sessions=3, most_devices=2)
    for number in range(5):
        session = a_session(ada.id, NOW + number)
        device = (session.id, b"device" + bytes([number]))
        opening = Opening(session, bytes([number]), RIGHT, new_device=device)
        assert store.sessions.open(opening, rules, an_entry())
    assert [session.created - NOW for session in store.sessions.of_user(ada.id)] == [4, 3, 2]
    known = [number for number in range(5) if store.logins.device(b"device" + bytes([number]), 0)]
    assert known == [3, 4]


def test_a_session_that_is_used_comes_first(store: SqlAccountStore, ada: User) -> None:
    first, second = open_session(store, ada, b"1"), open_session(store, ada, b"2", now=NOW + 1)
    store.sessions.touch(first.id, NOW + 50)
    found = store.sessions.of_user(ada.id)
    assert [(session.id, session.seen) for session in found] == [(first.id, NOW + 50), (second.id, NOW + 1)]


def test_a_session_ends_for_its_own_account_only(store: SqlAccountStore, ada: User) -> None:
    session = open_session(store, ada, b"1")
    assert not store.sessions.end("0" * 16, session.id, an_entry(action="end"))
    assert store.sessions.end(ada.id, session.id, an_entry(action="end"))
    assert not store.sessions.end(ada.id, session.id, an_entry(action="end"))
    assert store.sessions.find(b"1") is None
    assert len(store.audit.page(AuditFilter(action="end"), 10).entries) == 1


def test_all_others_end_and_what_would_become_one(store: SqlAccountStore, ada: User) -> None:
    kept = open_session(store, ada, b"1")
    for number in range(2, 5):
        open_session(store, ada, bytes([number]))
    begin_step(store, ada)
    assert store.sessions.end_others(ada.id, kept.id, an_entry()) == 3
    assert [session.id for session in store.sessions.of_user(ada.id)] == [kept.id]
    assert store.logins.step(b"step", NOW) is None
    assert store.sessions.end_others(ada.id, None, an_entry()) == 1
