from __future__ import annotations

from bangui.domain.daemon import Presence
from bangui.services.overview import read_overview
from packages.bangui.tests.memory import MemoryGateway, MemoryJail


async def test_the_overview_holds_the_version_and_the_counters_and_lists_no_ban() -> None:
    gateway = MemoryGateway()
    gateway.jails = {"sshd": MemoryJail(currently_failed=3)}
    overview = await read_overview(gateway)
    assert (overview.daemon.presence, overview.daemon.version) == (Presence.UP, "1.1.0")
    assert overview.jails[0].currently_failed == 3
    assert overview.bans == ()
