"""Accounts: what holds whoever asks."""

from __future__ import annotations

import pytest

from bangui.domain.access_errors import AccessUnavailable, LastAdministrator, NameTaken, UnknownUser
from bangui.domain.accounts import Role
from bangui.domain.errors import InvalidInput
from bangui.domain.logins import LoginRefused, RefusalReason
from bangui.domain.secret import Secret
from packages.bangui.tests.access import NOW, PASSWORD, ROOT, VISITOR, WRONG, Console

OTHER = Secret("other words of mine")


async def test_an_account_is_made_with_its_name_in_lower_case(console: Console) -> None:
    added = await console.accounts.add(" Ada@Example.ORG ", PASSWORD, Role.VIEWER, ROOT)
    assert (added.name, added.role, added.created) == ("ada@example.org", Role.VIEWER, NOW)
    assert await console.accounts.user("ADA@example.org") == added
    assert await console.accounts.users() == [added]


async def test_a_name_is_given_once_however_it_is_written(console: Console) -> None:
    await console.add("ada")
    with pytest.raises(NameTaken):
        await console.accounts.add("ADA", PASSWORD, Role.VIEWER, ROOT)


@pytest.mark.parametrize(
    ("name", "password"), [("a b", PASSWORD), ("ada", Secret("short")), ("ada-lovelace-1", Secret("Ada-Lovelace-1"))]
)
async def test_what_is_no_good_makes_no_account(console: Console, name: str, password: Secret) -> None:
    with pytest.raises(InvalidInput):
        await console.accounts.add(name, password, Role.VIEWER, ROOT)
    assert await console.accounts.users() == []


async def test_every_change_is_told_with_who_made_it(console: Console) -> None:
    await console.add("root")
    await console.add("ada", Role.VIEWER)
    await console.accounts.change_role("ada", Role.OPERATOR, ROOT)
    await console.accounts.disable("ada", ROOT)
    await console.accounts.enable("ada", ROOT)
    await console.accounts.set_password("ada", OTHER, ROOT)
    await console.accounts.forgive("ada", ROOT)
    await console.accounts.remove("ada", ROOT)
    entries = console.entries()[1:]
    assert {(entry.actor, entry.target) for entry in entries} == {("root", "ada")}
    assert [(entry.action, entry.detail) for entry in entries] == [
        ("user.add", "viewer"),
        ("user.role", "viewer to operator"),
        ("user.disable", ""),
        ("user.enable", ""),
        ("user.password", ""),
        ("user.forgive", ""),
        ("user.remove", "operator"),
    ]
    assert OTHER.reveal() not in repr(entries)


async def test_the_last_administrator_stays_one(console: Console) -> None:
    await console.add("ada")
    await console.add("viewer", Role.VIEWER)
    for change in (
        console.accounts.change_role("ada", Role.OPERATOR, ROOT),
        console.accounts.disable("ada", ROOT),
        console.accounts.remove("ada", ROOT),
    ):
        with pytest.raises(LastAdministrator):
            await change
    assert (await console.accounts.user("ada")).role is Role.ADMIN
    await console.let_in()


@pytest.mark.parametrize("name", ["nobody", "", "\x00", "\ud800", "a" * 100_000])
async def test_nobody_cannot_be_changed(console: Console, name: str) -> None:
    for change in (
        console.accounts.user(name),
        console.accounts.change_role(name, Role.ADMIN, ROOT),
        console.accounts.disable(name, ROOT),
        console.accounts.remove(name, ROOT),
        console.accounts.set_password(name, PASSWORD, ROOT),
        console.accounts.forgive(name, ROOT),
    ):
        with pytest.raises(UnknownUser):
            await change


async def test_a_password_that_was_set_ends_every_session(console: Console) -> None:
    await console.add()
    secret = (await console.let_in()).secret
    await console.accounts.set_password("ada", OTHER, ROOT)
    assert await console.sessions.principal(secret) is None
    await console.let_in(password=OTHER)
    with pytest.raises(InvalidInput):
        await console.accounts.set_password("ada", Secret("short"), ROOT)


async def test_who_changes_their_password_stays_and_their_other_sessions_end(console: Console) -> None:
    await console.add()
    here, there = await console.let_in(), await console.let_in()
    principal = await console.sessions.principal(here.secret)
    assert principal is not None
    assert await console.accounts.change_password(principal, PASSWORD, OTHER, VISITOR) is None
    assert await console.sessions.principal(here.secret) is not None
    assert await console.sessions.principal(there.secret) is None
    await console.let_in(password=OTHER)
    entry = console.entries("user.password")[-1]
    assert (entry.actor, entry.target, entry.detail) == ("ada", "ada", "own")


async def test_who_does_not_know_the_old_password_sets_no_new_one(console: Console) -> None:
    await console.add()
    principal = await console.principal()
    refused = await console.accounts.change_password(principal, WRONG, OTHER, VISITOR)
    assert refused == LoginRefused(RefusalReason.WRONG)
    await console.let_in()
    with pytest.raises(InvalidInput):
        await console.accounts.change_password(principal, PASSWORD, Secret("short"), VISITOR)


async def test_an_account_that_was_attacked_can_be_forgiven(console: Console) -> None:
    await console.add()
    for _ in range(7):
        await console.login.log_in("ada", WRONG, VISITOR)
    await console.accounts.forgive("ada", ROOT)
    await console.accounts.forgive_address("192.0.2.1", ROOT)
    await console.accounts.forgive_address("2001:db8::1", ROOT)
    other = Console(console.store, console.clock)
    await other.let_in()


async def test_without_the_database_nothing_changes(lost_console: Console) -> None:
    with pytest.raises(AccessUnavailable):
        await lost_console.accounts.add("ada", PASSWORD, Role.ADMIN, ROOT)
    with pytest.raises(AccessUnavailable):
        await lost_console.accounts.users()
