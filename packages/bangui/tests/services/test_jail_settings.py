from __future__ import annotations

from bangui.domain.errors import AwayReason, DaemonAway
from bangui.services.jail_settings import JailSettingsReader
from packages.bangui.tests.memory import MemoryGateway, MemoryJail


async def test_each_jail_tells_its_rule_in_the_words_of_fail2ban() -> None:
    gateway = MemoryGateway()
    gateway.jails = {
        "recidive": MemoryJail(max_retry=3, find_time=86_400, ban_time=None),
        "sshd": MemoryJail(ban_time=3600, grows=True),
    }
    recidive, sshd = await JailSettingsReader(gateway, lambda: 1_780_000_000.5).read()
    assert (recidive.host, recidive.jail, recidive.since) == ("memory", "recidive", 1_780_000_000_500)
    assert recidive.values["bantime"] == "-1"
    assert sshd.values == {"maxretry": "5", "findtime": "600", "bantime": "3600", "bantime.increment": "true"}


async def test_a_daemon_that_is_away_tells_nothing() -> None:
    gateway = MemoryGateway()
    gateway.away = DaemonAway("no socket", reason=AwayReason.MISSING)
    assert await JailSettingsReader(gateway).read() == ()
