from __future__ import annotations

import pytest

from bangui.domain.errors import UnknownJail
from bangui.services.jails import list_jails, require_jail
from packages.bangui.tests.memory import MemoryGateway, MemoryJail


def host(*names: str) -> MemoryGateway:
    gateway = MemoryGateway()
    gateway.jails = {name: MemoryJail() for name in names}
    return gateway


async def test_a_jail_that_is_there_is_returned() -> None:
    assert (await require_jail(host("app", "sshd"), "sshd")).name == "sshd"


@pytest.mark.parametrize(
    ("jails", "asked", "hint"),
    [
        (("app", "sshd"), "shsd", "did you mean 'sshd'?"),
        (("app", "sshd"), "postfix", "the jails are app, sshd"),
        (tuple(f"j{number}" for number in range(10)), "postfix", "j7 and 2 more"),
        ((), "sshd", "enable one"),
    ],
)
async def test_a_jail_that_is_not_there_comes_with_a_suggestion(jails: tuple[str, ...], asked: str, hint: str) -> None:
    with pytest.raises(UnknownJail) as refusal:
        await require_jail(host(*jails), asked)
    assert hint in refusal.value.hint


async def test_jails_are_listed_with_their_rules() -> None:
    gateway = host("sshd", "app")
    gateway.jails["sshd"].ban_time = None
    assert [(jail.name, rule.ban_time) for jail, rule in await list_jails(gateway)] == [("app", 600), ("sshd", None)]
