"""What the memory gateway has beyond the contract, which `test_fail2ban.py` checks for every gateway."""

from __future__ import annotations

import pytest

from bangui.domain.errors import AwayReason, DaemonAway
from bangui.domain.operations import BanIds, ReadBans, ReadVersion
from packages.bangui.tests.memory import MemoryGateway, MemoryJail


async def test_it_can_be_away_and_come_back() -> None:
    gateway = MemoryGateway()
    gateway.away = DaemonAway("gone", reason=AwayReason.MISSING)
    with pytest.raises(DaemonAway):
        await gateway.perform(ReadVersion())
    gateway.away = None
    assert await gateway.perform(ReadVersion()) == "1.1.0"
    assert gateway.performed == [ReadVersion(), ReadVersion()]
    await gateway.aclose()


async def test_a_ban_can_be_prolonged() -> None:
    gateway = MemoryGateway()
    gateway.jails["sshd"] = MemoryJail()
    await gateway.perform(BanIds("sshd", ("192.0.2.1",)))
    gateway.prolong("sshd", "192.0.2.1", 7200)
    (ban,) = await gateway.perform(ReadBans("sshd"))
    assert ban.duration == 7200
