"""API tokens: shown once, good for what they are for, and over when they end."""

from __future__ import annotations

import pytest

from bangui.domain.access_errors import AccessUnavailable, TooMany
from bangui.domain.accounts import Role, Scope, User, Via
from bangui.domain.errors import InvalidInput
from bangui.domain.history_ports import StoreError, StoreTrouble
from bangui.domain.logins import DAY
from bangui.domain.secret import Purpose, Secret
from bangui.services.api_tokens import LONGEST_LIFE, MOST_TOKENS, PREFIX
from bangui.services.new_secrets import new_secret
from packages.bangui.tests.access import NOW, ROOT, Console

READ = frozenset({Scope.READ})


async def make(console: Console, owner: User, name: str = "backup", seconds: int = DAY) -> Secret:
    _, secret = await console.tokens.make(owner, name, READ, seconds, ROOT)
    return secret


async def test_a_token_is_known_by_its_beginning_and_kept_as_a_digest(console: Console) -> None:
    ada = await console.add()
    token, secret = await console.tokens.make(ada, " to  read ", READ, DAY, ROOT)
    assert secret.reveal().startswith("bgt_")
    assert secret.reveal().startswith(token.shown)
    assert (len(token.shown), token.name) == (8, "to read")
    assert await console.tokens.tokens() == [token]
    assert console.store.tokens.find(secret.digest(Purpose.API)) is not None
    assert secret.reveal() not in repr(console.entries()) + repr(await console.tokens.tokens())


async def test_whoever_has_it_is_its_owner_with_fewer_rights(console: Console) -> None:
    ada = await console.add()
    principal = await console.tokens.principal(await make(console, ada), "192.0.2.1")
    assert principal is not None
    assert (principal.user.name, principal.via) == ("ada", Via.API)
    assert principal.scopes == READ


@pytest.mark.parametrize("text", ["", "bgt_", "bgt_" + "a" * 51, "a" * 52, "bgt_" + "a" * 52, "bgt_\ud800\x00"])
async def test_what_is_no_token_is_nobody(console: Console, text: str) -> None:
    await make(console, await console.add())
    assert await console.tokens.principal(Secret(text), None) is None


async def test_a_session_is_no_token_and_a_token_no_session(console: Console) -> None:
    ada = await console.add()
    session, token = (await console.let_in()).secret, await make(console, ada)
    assert await console.tokens.principal(session, None) is None
    assert await console.tokens.principal(Secret(PREFIX + session.reveal()), None) is None
    assert await console.sessions.principal(token) is None
    assert await console.sessions.principal(Secret(token.reveal().removeprefix(PREFIX))) is None


async def test_it_ends_by_itself(console: Console) -> None:
    secret = await make(console, await console.add(), seconds=60)
    console.clock.move(59)
    assert await console.tokens.principal(secret, None) is not None
    console.clock.move(1)
    assert await console.tokens.principal(secret, None) is None


async def test_it_ends_with_what_its_owner_may(console: Console) -> None:
    await console.add("root")
    ada = await console.add()
    _, secret = await console.tokens.make(ada, "all", frozenset(Scope), DAY, ROOT)
    await console.accounts.change_role("ada", Role.OPERATOR, ROOT)
    principal = await console.tokens.principal(secret, None)
    assert principal is not None
    assert principal.scopes == {Scope.READ, Scope.BAN}
    await console.accounts.disable("ada", ROOT)
    assert await console.tokens.principal(secret, None) is None
    await console.accounts.enable("ada", ROOT)
    assert await console.tokens.principal(secret, None) is not None
    await console.accounts.remove("ada", ROOT)
    assert await console.tokens.principal(secret, None) is None


@pytest.mark.parametrize(
    ("name", "scopes", "seconds"),
    [
        ("", READ, DAY),
        (" \n", READ, DAY),
        ("x" * 81, READ, DAY),
        ("a\x1b[2J", READ, DAY),
        ("a\u202eb", READ, DAY),
        ("x", frozenset(), DAY),
        ("x", frozenset({Scope.READ, Scope.BAN}), DAY),
        ("x", READ, 0),
        ("x", READ, -1),
        ("x", READ, LONGEST_LIFE + 1),
    ],
)
async def test_what_is_no_good_makes_no_token(
    console: Console, name: str, scopes: frozenset[Scope], seconds: int
) -> None:
    viewer = await console.add("viewer", Role.VIEWER)
    with pytest.raises(InvalidInput):
        await console.tokens.make(viewer, name, scopes, seconds, ROOT)
    assert await console.tokens.tokens() == []


async def test_an_account_has_only_so_many(console: Console) -> None:
    ada = await console.add()
    for _ in range(MOST_TOKENS):
        await make(console, ada, seconds=60)
    with pytest.raises(TooMany):
        await make(console, ada)
    console.clock.move(60)
    await make(console, ada)


async def test_a_token_that_is_removed_is_over_at_once(console: Console) -> None:
    ada = await console.add()
    secret = await make(console, ada)
    (token,) = await console.tokens.tokens(ada)
    assert await console.tokens.remove(token, ROOT)
    assert not await console.tokens.remove(token, ROOT)
    assert await console.tokens.principal(secret, None) is None
    assert [entry.detail for entry in console.entries("api-token.remove")] == [f"{token.shown}... backup"]


async def test_its_last_use_is_written_once_a_minute(console: Console) -> None:
    ada = await console.add()
    secret = await make(console, ada)
    for seconds, address, used, used_from in (
        (5, "192.0.2.1", 5, "192.0.2.1"),
        (59, "192.0.2.2", 5, "192.0.2.1"),
        (1, None, 65, None),
    ):
        console.clock.move(seconds)
        await console.tokens.principal(secret, address)
        (token,) = await console.tokens.tokens()
        assert (token.used, token.used_from) == (NOW + used * 1000, used_from)


async def test_a_disk_that_is_full_keeps_no_program_from_reading(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = await make(console, await console.add())

    def fail(*_: object) -> None:
        raise StoreError("no room", trouble=StoreTrouble.FULL)

    monkeypatch.setattr(console.store.tokens, "touch", fail)
    assert await console.tokens.principal(secret, None) is not None


async def test_without_the_database_no_token_is_good(lost_console: Console) -> None:
    with pytest.raises(AccessUnavailable):
        await lost_console.tokens.principal(new_secret(PREFIX), None)
