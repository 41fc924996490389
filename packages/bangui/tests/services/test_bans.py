from __future__ import annotations

from bangui.domain.operations import BanIds, ReadBans, UnbanIds
from bangui.domain.outcomes import BanResult
from bangui.services.bans import SLICE, ban, list_bans, unban
from packages.bangui.tests.memory import MemoryGateway, MemoryJail


def host() -> MemoryGateway:
    gateway = MemoryGateway()
    gateway.jails = {"app": MemoryJail(), "sshd": MemoryJail()}
    return gateway


async def test_ten_thousand_ids_go_out_in_slices_and_each_comes_back_once() -> None:
    gateway = host()
    ids = [f"id {number}" for number in range(10_000)]
    outcomes = [outcome async for outcome in ban(gateway, "sshd", ids)]
    assert [one.id for outcome in outcomes for one in outcome.ids] == ids
    assert max(len(outcome.ids) for outcome in outcomes) == SLICE


async def test_an_id_given_twice_is_banned_once() -> None:
    outcomes = [outcome async for outcome in ban(host(), "sshd", ["a", "b", "a"])]
    assert [(one.id, one.result) for one in outcomes[0].ids] == [("a", BanResult.BANNED), ("b", BanResult.BANNED)]


async def test_no_ids_are_no_command() -> None:
    gateway = host()
    assert [outcome async for outcome in ban(gateway, "sshd", [])] == []
    assert gateway.performed == []


async def test_the_bans_of_all_jails_are_read_only_where_there_are_any() -> None:
    gateway = host()
    await gateway.perform(BanIds("sshd", ("192.0.2.1",)))
    assert [(found.jail, found.id) for found in await list_bans(gateway)] == [("sshd", "192.0.2.1")]
    assert ReadBans("app") not in gateway.performed


async def test_unban_everywhere_tells_the_jails() -> None:
    gateway = host()
    for jail in gateway.jails:
        await gateway.perform(BanIds(jail, ("192.0.2.1",)))
    outcomes = [outcome async for outcome in unban(gateway, ["192.0.2.1", "192.0.2.2"])]
    assert [(one.id, one.jails, one.lifted) for one in outcomes[0].ids] == [
        ("192.0.2.1", ("app", "sshd"), 2),
        ("192.0.2.2", (), 0),
    ]
    assert gateway.performed[-1] == UnbanIds(("192.0.2.1", "192.0.2.2"))
