"""Attempts, steps and known browsers, on both databases: what is counted is counted once, whoever counts."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, func, insert, select

from bangui.adapters.sql.accounts import SqlAccountStore
from bangui.adapters.sql.accounts_logins import MOST_ATTEMPTS
from bangui.adapters.sql.accounts_schema import login_attempts
from bangui.adapters.sql.engine import open_engine, reading, writing
from bangui.domain.audit import AuditFilter
from bangui.domain.logins import Opening, Proof, SessionRules, Step
from bangui.domain.throttle import FORGOTTEN_AFTER, Charge, ThrottleKind, password_charges
from packages.bangui.tests.access import NOW, a_new_user, a_session, an_entry

CHARGES = password_charges("192.0.2.1", "ada")


@pytest.fixture
def store(engine: Engine) -> SqlAccountStore:
    return SqlAccountStore(engine)


def tries_until_refused(store: SqlAccountStore, charges: tuple[Charge, ...] = CHARGES, now: int = NOW) -> int:
    tries = 0
    while store.logins.attempt(charges, now) is None:
        tries += 1
    return tries


def rows(engine: Engine) -> int:
    with reading(engine) as connection:
        return connection.execute(select(func.count()).select_from(login_attempts)).scalar_one()


def test_attempts_are_counted_until_one_must_wait(store: SqlAccountStore) -> None:
    assert tries_until_refused(store) == 5
    refused = store.logins.attempt(CHARGES, NOW)
    assert refused is not None
    assert (refused.kind, refused.wait) == (ThrottleKind.ADDRESS, 1_000)
    assert store.logins.attempt(CHARGES, NOW + 1_000) is None


def test_a_refused_attempt_is_not_charged_to_anything(store: SqlAccountStore, engine: Engine) -> None:
    tries_until_refused(store)
    for _ in range(20):
        assert store.logins.attempt(CHARGES, NOW) is not None
    with reading(engine) as connection:
        levels = connection.execute(select(login_attempts.c.level)).scalars().all()
    assert levels == [pytest.approx(5.0)] * 3


def test_another_account_from_the_same_address_waits_as_well(store: SqlAccountStore) -> None:
    tries_until_refused(store)
    assert store.logins.attempt(password_charges("192.0.2.1", "grace"), NOW) is not None
    assert store.logins.attempt(password_charges("192.0.2.2", "grace"), NOW) is None


def test_one_account_from_many_addresses_waits_as_well(store: SqlAccountStore) -> None:
    refused = None
    for number in range(1, 12):
        refused = store.logins.attempt(password_charges(f"192.0.2.{number}", "ada"), NOW)
    assert refused is not None
    assert refused.kind is ThrottleKind.ACCOUNT


def test_what_was_no_failure_is_given_back(store: SqlAccountStore, engine: Engine) -> None:
    for _ in range(50):
        assert store.logins.attempt(CHARGES, NOW) is None
        store.logins.give_back(CHARGES)
    assert rows(engine) == 0
    store.logins.give_back(CHARGES)


def test_attempts_can_be_forgiven(store: SqlAccountStore) -> None:
    tries_until_refused(store)
    keys = [(charge.kind, charge.key) for charge in CHARGES]
    store.logins.forget_attempts(keys, an_entry("ada", action="user.forgive"))
    assert tries_until_refused(store) == 5
    assert len(store.audit.page(AuditFilter(action="user.forgive"), 10).entries) == 1


def test_attempts_outlive_the_process(location: str, store: SqlAccountStore) -> None:
    tries_until_refused(store)
    engine = open_engine(location)
    assert SqlAccountStore(engine).logins.attempt(CHARGES, NOW) is not None
    engine.dispose()


def test_many_attempts_at_once_by_two_processes_are_not_more(location: str, store: SqlAccountStore) -> None:
    engine = open_engine(location)
    stores = [store, SqlAccountStore(engine)] * 20
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda one: one.logins.attempt(CHARGES, NOW), stores))
    engine.dispose()
    assert sum(refused is None for refused in found) == 5


def test_a_clock_that_goes_back_far_keeps_nobody_out(store: SqlAccountStore) -> None:
    ahead = NOW + 400 * 86_400_000
    tries_until_refused(store, now=ahead)
    assert tries_until_refused(store, now=NOW) == 5


def test_old_attempts_are_forgotten(store: SqlAccountStore, engine: Engine) -> None:
    for number in range(5):
        store.logins.attempt(password_charges(f"192.0.2.{number}", f"user{number}"), NOW)
    assert rows(engine) == 11
    store.logins.attempt(password_charges("198.51.100.1", "ada"), NOW + FORGOTTEN_AFTER + 1)
    assert rows(engine) == 3


def test_there_are_never_more_than_so_many_attempts(store: SqlAccountStore, engine: Engine) -> None:
    many = [{"kind": 1, "key": f"{number}", "level": 1.0, "last": NOW - number} for number in range(MOST_ATTEMPTS)]
    with writing(engine) as connection:
        connection.execute(insert(login_attempts), many)
    assert store.logins.attempt(CHARGES, NOW) is None
    assert rows(engine) <= MOST_ATTEMPTS
    with reading(engine) as connection:
        keys = set(connection.execute(select(login_attempts.c.key)).scalars())
    assert "192.0.2.1" in keys
    assert f"{MOST_ATTEMPTS - 1}" not in keys


def test_a_step_waits_until_its_end(store: SqlAccountStore) -> None:
    step = Step(b"digest", "u" * 16, NOW + 1_000)
    store.logins.begin_step(step, (), NOW)
    assert store.logins.step(b"digest", NOW + 999) == step
    assert store.logins.step(b"digest", NOW + 1_000) is None
    assert store.logins.step(b"other", NOW) is None


def test_a_step_gives_the_charges_of_the_password_back(store: SqlAccountStore, engine: Engine) -> None:
    store.logins.attempt(CHARGES, NOW)
    store.logins.begin_step(Step(b"digest", "u" * 16, NOW + 1_000), CHARGES, NOW)
    assert rows(engine) == 0


def test_a_step_ends_with_the_last_of_its_tries(store: SqlAccountStore) -> None:
    store.logins.begin_step(Step(b"digest", "u" * 16, NOW + 1_000), (), NOW)
    for _ in range(2):
        store.logins.count_wrong_code(b"digest", 3, an_entry())
        assert store.logins.step(b"digest", NOW) is not None
    store.logins.count_wrong_code(b"digest", 3, an_entry())
    assert store.logins.step(b"digest", NOW) is None
    assert len(store.audit.page(AuditFilter(), 10).entries) == 3


def test_only_the_newest_steps_of_an_account_are_kept(store: SqlAccountStore) -> None:
    for number in range(20):
        store.logins.begin_step(Step(bytes([number]), "u" * 16, NOW + 1_000 + number), (), NOW)
    store.logins.begin_step(Step(b"other", "v" * 16, NOW + 1_000), (), NOW)
    waiting = [number for number in range(20) if store.logins.step(bytes([number]), NOW)]
    assert waiting == [15, 16, 17, 18, 19]
    assert store.logins.step(b"other", NOW) is not None


def test_a_browser_is_known_for_as_long_as_it_is_used(store: SqlAccountStore) -> None:
    ada = store.users.add(a_new_user("ada"), an_entry())
    opening = Opening(a_session(ada.id), b"1", Proof("hash"), new_device=("d" * 16, b"device"))
    store.sessions.open(opening, SessionRules(), an_entry())
    found = store.logins.device(b"device", NOW)
    assert found is not None
    assert (found.id, found.user_id, found.user_name) == ("d" * 16, ada.id, "ada")
    assert store.logins.device(b"device", NOW + 1) is None
    later = Opening(a_session(ada.id, NOW + 50), b"2", Proof("hash"), known_device="d" * 16)
    store.sessions.open(later, SessionRules(), an_entry())
    assert store.logins.device(b"device", NOW + 50) is not None
