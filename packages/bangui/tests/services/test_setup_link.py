"""The first administrator: made once, by who has the link."""

from __future__ import annotations

import asyncio

import pytest

from bangui.domain.access_errors import AccessUnavailable, SetupRefused
from bangui.domain.accounts import Role, User, Via
from bangui.domain.errors import InvalidInput
from bangui.domain.secret import Secret
from bangui.services.new_secrets import new_secret
from packages.bangui.tests.access import NOW, PASSWORD, VISITOR, Console


async def offered(console: Console) -> Secret:
    offer = await console.setup.offer()
    assert offer is not None
    assert offer.ends == console.clock.now + 3_600_000
    assert offer.secret.reveal() not in repr(offer)
    return offer.secret


async def test_the_link_makes_an_administrator_who_can_log_in(console: Console) -> None:
    secret = await offered(console)
    assert await console.setup.is_good(secret)
    made = await console.setup.use(secret, "Ada", PASSWORD, VISITOR)
    assert (made.name, made.role, made.created) == ("ada", Role.ADMIN, NOW)
    await console.let_in()
    entry = console.entries("setup")[-1]
    assert (entry.actor, entry.via, entry.address) == ("ada", Via.SETUP, VISITOR.address)


async def test_the_link_is_good_once(console: Console) -> None:
    secret = await offered(console)
    await console.setup.use(secret, "ada", PASSWORD, VISITOR)
    assert not await console.setup.is_good(secret)
    with pytest.raises(SetupRefused):
        await console.setup.use(secret, "grace", PASSWORD, VISITOR)
    assert await console.setup.offer() is None


async def test_the_link_ends_by_itself_and_with_a_newer_one(console: Console) -> None:
    old = await offered(console)
    new = await offered(console)
    assert not await console.setup.is_good(old)
    console.clock.move(3_600)
    assert not await console.setup.is_good(new)
    with pytest.raises(SetupRefused):
        await console.setup.use(new, "ada", PASSWORD, VISITOR)


async def test_a_mistake_leaves_the_link_good(console: Console) -> None:
    secret = await offered(console)
    for name, password in (("a b", PASSWORD), ("ada", Secret("short"))) * 4:
        with pytest.raises(InvalidInput):
            await console.setup.use(secret, name, password, VISITOR)
    assert (await console.setup.use(secret, "ada", PASSWORD, VISITOR)).name == "ada"


async def test_of_two_who_use_it_at_once_one_becomes_the_administrator(console: Console) -> None:
    secret = await offered(console)
    done = await asyncio.gather(
        *(console.setup.use(secret, f"user{number}", PASSWORD, VISITOR) for number in range(4)), return_exceptions=True
    )
    assert sum(isinstance(one, User) for one in done) == 1
    assert sum(isinstance(one, SetupRefused) for one in done) == 3
    assert len(await console.accounts.users()) == 1


@pytest.mark.parametrize("secret", [Secret(""), Secret("\ud800"), new_secret()])
async def test_another_link_makes_nobody_and_is_a_failed_login(
    console: Console, secret: Secret, caplog: pytest.LogCaptureFixture
) -> None:
    await offered(console)
    for _ in range(20):
        with pytest.raises(SetupRefused):
            await console.setup.use(secret, "mallory", PASSWORD, VISITOR)
    assert await console.accounts.users() == []
    told = [(record.getMessage(), vars(record)["method"]) for record in caplog.records]
    assert told == [("login_failed", "setup")] * 5, "whoever goes on is not even logged any more"


async def test_without_the_database_there_is_no_link(lost_console: Console) -> None:
    with pytest.raises(AccessUnavailable):
        await lost_console.setup.offer()
    with pytest.raises(AccessUnavailable):
        await lost_console.setup.use(new_secret(), "ada", PASSWORD, VISITOR)
