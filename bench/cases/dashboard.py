"""What an open page costs the daemon: the commands of one refresh, counted between client and daemon."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime

from aiofail2ban import Fail2BanClient
from aiofail2ban.testing import Fail2BanProcess
from bangui.adapters.fail2ban import Fail2BanGateway
from bangui.services.host_reader import HostReader
from bangui.services.pace import Pace
from bench.budgets import at_most
from bench.counting_proxy import CountingProxy
from bench.jails import jail_of
from bench.setting import Finding, Setting

# A list of bans is read only where bans came or went, and never from the two largest of these.
_SIZES = (100, 10_000, 100_000)


@dataclass(frozen=True, slots=True)
class RefreshCost:
    """Commands in the dearest refresh, by occasion, and the longest that any command took (seconds)."""

    at_rest: int
    after_a_ban: int
    slowest_seconds: float


async def measure_dashboard(setting: Setting) -> AsyncIterator[Finding]:
    """Count the commands of a refresh, as the live state of the console makes it."""
    client = setting.contestants.ours.client
    jails = [await jail_of(client, size) for size in _SIZES]
    cost = await _refresh_cost(setting.daemon, jails[0], setting.effort.rounds)
    has_statistics = (await client.send(["stats"]))[0] == 0
    count = len((await client.status()).jail_names)
    limit = 1 if has_statistics else 1 + count
    budget = f"socket commands of a refresh, {count} jails"
    yield at_most(f"{budget}, nothing new", limit, cost.at_rest)
    yield at_most(f"{budget}, a new ban", limit + 1, cost.after_a_ban)
    yield at_most("slowest command of a refresh, 100,000 bans", 50, cost.slowest_seconds * 1000, " ms")


async def _refresh_cost(daemon: Fail2BanProcess, jail: str, rounds: int) -> RefreshCost:
    async with (
        CountingProxy(daemon.socket_path) as proxy,
        Fail2BanClient(proxy.socket_path) as client,
        Fail2BanClient(daemon.socket_path) as other,
    ):
        reader = HostReader(
            Fail2BanGateway("bench", client, client.aclose), Pace(), lambda: datetime.now(UTC), time.monotonic
        )

        async def count() -> int:
            before = len(proxy.seconds)
            await reader.read()
            return len(proxy.seconds) - before

        await count()  # the first one also learns the version and reads every list that is short enough
        at_rest = max([await count() for _ in range(rounds)])
        after_a_ban = 0
        for number in range(rounds):
            await other.jail(jail).ban(f"198.51.100.{number}")
            after_a_ban = max(after_a_ban, await count())
        return RefreshCost(at_rest, after_a_ban, max(proxy.seconds))
