"""Sessions: they hold for as long as they shall, and end at once when somebody ends them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bangui.domain.access_errors import AccessUnavailable, UnknownUser
from bangui.domain.accounts import Role, Via
from bangui.domain.history_ports import StoreError, StoreTrouble
from bangui.domain.logins import DAY, HOUR
from bangui.domain.secret import Secret
from bangui.services.new_secrets import new_secret
from packages.bangui.tests.access import NOW, ROOT, VISITOR, Console


async def test_a_session_holds_while_it_is_used_up_to_its_end(console: Console) -> None:
    await console.add()
    secret = (await console.let_in()).secret
    for _ in range(14):
        console.clock.move(11 * HOUR)
        assert await console.sessions.principal(secret) is not None
    console.clock.move(14 * HOUR - 1)
    assert console.clock.now == NOW + (7 * DAY - 1) * 1000
    assert await console.sessions.principal(secret) is None, "it was not used for more than 12 hours"


async def test_a_session_that_is_used_all_the_time_ends_after_a_week(console: Console) -> None:
    await console.add()
    secret = (await console.let_in()).secret
    for _ in range(7 * 24 - 1):
        console.clock.move(HOUR)
        assert await console.sessions.principal(secret) is not None
    console.clock.move(HOUR)
    assert await console.sessions.principal(secret) is None


@pytest.mark.parametrize("secret", [Secret(""), Secret("x"), Secret("\ud800\x00"), new_secret(), new_secret("bgt_")])
async def test_what_is_no_session_is_nobody(console: Console, secret: Secret) -> None:
    await console.add()
    await console.let_in()
    assert await console.sessions.principal(secret) is None


async def test_a_role_counts_from_the_next_request_on(console: Console) -> None:
    await console.add("root")
    await console.add()
    secret = (await console.let_in()).secret
    await console.accounts.change_role("ada", Role.VIEWER, ROOT)
    principal = await console.sessions.principal(secret)
    assert principal is not None
    assert (principal.user.role, principal.via) == (Role.VIEWER, Via.SESSION)


async def test_whoever_is_disabled_is_out_and_stays_out_of_that_session(console: Console) -> None:
    await console.add("root")
    await console.add()
    secret = (await console.let_in()).secret
    await console.accounts.disable("ada", ROOT)
    assert await console.sessions.principal(secret) is None
    await console.accounts.enable("ada", ROOT)
    assert await console.sessions.principal(secret) is None


async def test_another_process_ends_a_session_at_once(console: Console) -> None:
    await console.add()
    secret = (await console.let_in()).secret
    other = Console(console.store, console.clock)
    assert await other.sessions.end_all("ada", ROOT) == 1
    assert await console.sessions.principal(secret) is None


async def test_the_last_use_is_written_once_a_minute(console: Console) -> None:
    await console.add()
    done = await console.let_in()
    for seconds, seen in ((59, 0), (1, 60), (59, 60), (1, 120)):
        console.clock.move(seconds)
        await console.sessions.principal(done.secret)
        (session,) = await console.sessions.of_user(done.user.id)
        assert session.seen == NOW + seen * 1000


async def test_a_clock_that_goes_back_a_little_ends_no_session(console: Console) -> None:
    await console.add()
    secret = (await console.let_in()).secret
    console.clock.move(-200)
    assert await console.sessions.principal(secret) is not None


async def test_a_session_from_a_clock_that_was_ahead_does_not_hold_for_years(console: Console) -> None:
    await console.add()
    console.clock.move(1_000 * DAY)
    secret = (await console.let_in()).secret
    console.clock.move(-1_000 * DAY)
    assert await console.sessions.principal(secret) is None


async def test_sessions_are_listed_with_where_they_are_from(console: Console) -> None:
    ada = await console.add()
    await console.let_in()
    console.clock.move(60)
    await console.let_in(visitor=replace(VISITOR, address="2001:db8::1", agent="a phone"))
    listed = await console.sessions.of_user(ada.id)
    assert [(session.address, session.agent) for session in listed] == [
        ("2001:db8::1", "a phone"),
        ("192.0.2.1", "a browser"),
    ]
    console.clock.move(12 * HOUR + 1)
    assert await console.sessions.of_user(ada.id) == []


async def test_logging_out_ends_this_session_and_no_other(console: Console) -> None:
    await console.add()
    first, second = await console.let_in(), await console.let_in()
    principal = await console.sessions.principal(first.secret)
    assert principal is not None
    await console.sessions.log_out(principal, VISITOR.address)
    assert await console.sessions.principal(first.secret) is None
    assert await console.sessions.principal(second.secret) is not None
    assert console.entries("logout")[-1].actor == "ada"


async def test_one_session_is_ended_by_its_id(console: Console) -> None:
    await console.add("root")
    await console.add()
    done = await console.let_in()
    assert not await console.sessions.end("root", done.session.id, ROOT)
    assert await console.sessions.end("ada", done.session.id, ROOT)
    assert await console.sessions.principal(done.secret) is None
    for id in ("", "\x00", "\ud800", "' OR 1=1 --", done.session.id):
        assert not await console.sessions.end("ada", id, ROOT)


async def test_all_others_are_ended_but_for_one(console: Console) -> None:
    await console.add()
    kept, *others = [await console.let_in() for _ in range(4)]
    assert await console.sessions.end_all("ada", ROOT, kept.session) == 3
    assert await console.sessions.principal(kept.secret) is not None
    for other in others:
        assert await console.sessions.principal(other.secret) is None
    assert console.entries("session.end")[-1].detail == "all others"


@pytest.mark.parametrize("name", ["nobody", "", "\x00", "\ud800"])
async def test_the_sessions_of_nobody_cannot_be_ended(console: Console, name: str) -> None:
    with pytest.raises(UnknownUser):
        await console.sessions.end_all(name, ROOT)


@pytest.mark.parametrize("name", ["ada", "ADA "])
async def test_a_proxy_vouches_for_accounts_that_are_there(console: Console, name: str) -> None:
    await console.add("root")
    await console.add()
    found = await console.sessions.vouched(name)
    assert found is not None
    assert (found.user.name, found.via, found.session) == ("ada", Via.PROXY, None)
    for stranger in ("", "nobody", "\x00", "ada\nroot"):
        assert await console.sessions.vouched(stranger) is None
    await console.accounts.disable("ada", ROOT)
    assert await console.sessions.vouched("ada") is None


async def test_without_the_database_nobody_is_anybody(lost_console: Console) -> None:
    with pytest.raises(AccessUnavailable):
        await lost_console.sessions.principal(new_secret())
    with pytest.raises(AccessUnavailable):
        await lost_console.sessions.vouched("ada")


async def test_a_disk_that_is_full_keeps_nobody_from_reading(
    console: Console, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await console.add()
    secret = (await console.let_in()).secret

    def fail(*_: object) -> None:
        raise StoreError("no room", trouble=StoreTrouble.FULL)

    monkeypatch.setattr(console.store.sessions, "touch", fail)
    console.clock.move(120)
    assert await console.sessions.principal(secret) is not None
    assert [record.getMessage() for record in caplog.records] == ["accounts_unavailable"]
