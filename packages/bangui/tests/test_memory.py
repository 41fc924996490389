"""What the memory gateway has beyond the contract, which `test_fail2ban.py` checks for every gateway."""

from __future__ import annotations

import pytest

from bangui.domain.errors import AwayReason, DaemonAway, UnknownJail
from bangui.domain.further_operations import PauseJail, ReadActions, ReadJail, ResumeJail, SetJailValue, StopJail
from bangui.domain.jail_settings import JAIL_SETTINGS
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


async def test_its_jails_have_every_setting_and_can_be_changed_paused_and_stopped() -> None:
    gateway = MemoryGateway()
    gateway.jails["sshd"] = MemoryJail()
    details = await gateway.perform(ReadJail("sshd"))
    assert set(details.values) == set(JAIL_SETTINGS)
    for name, setting in JAIL_SETTINGS.items():
        if setting.is_changeable and details.values[name] not in (None, ""):
            written = setting.written(details.values[name])
            assert (await gateway.perform(SetJailValue("sshd", name, written))).after == details.values[name]
    assert await gateway.perform(ReadJail("sshd")) == details
    assert (await gateway.perform(SetJailValue("sshd", "bantime", "-1"))).before == 600
    assert gateway.jails["sshd"].ban_time is None
    assert (await gateway.perform(ReadActions("sshd")))[0].name == "nftables"
    await gateway.perform(PauseJail("sshd"))
    assert [jail.is_paused for jail in gateway.jails.values()] == [True]
    await gateway.perform(ResumeJail("sshd"))
    assert [jail.is_paused for jail in gateway.jails.values()] == [False]
    await gateway.perform(StopJail("sshd"))
    with pytest.raises(UnknownJail):
        await gateway.perform(ReadJail("sshd"))
