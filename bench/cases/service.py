"""What the whole service costs a machine whose fail2ban holds 100,000 bans: its start, and being there."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

from bench.budgets import at_most
from bench.counting_proxy import CountingProxy
from bench.full_daemon import RunningService, full_daemon
from bench.setting import Finding, Setting

_REST_SECONDS = 60.0


async def measure_service(setting: Setting) -> AsyncIterator[Finding]:
    """Start `bangui serve` beside a full daemon, let it read everything, and watch it do nothing."""
    with tempfile.TemporaryDirectory(prefix="bangui-bench-") as folder:
        async with (
            full_daemon(setting.daemon.installation, Path(folder)) as daemon,
            CountingProxy(daemon.socket_path) as proxy,
        ):
            service = RunningService(proxy.socket_path, Path(folder) / "data")
            try:
                await service.set_up()
                yield at_most("start to first page", 1.5, await service.start(), " s")
                await service.wait_for_every_ban()
                await service.wait_for_rest()
                proxy.seconds.clear()
                before = service.cpu_seconds()
                await asyncio.sleep(_REST_SECONDS)
                share = 100 * (service.cpu_seconds() - before) / _REST_SECONDS
                yield at_most("the service at rest, 100,000 live bans, of a core", 1, share, " %")
                yield at_most("the service at rest, 100,000 live bans, resident", 150, service.resident_mb(), " MB")
                slowest = max(proxy.seconds, default=0.0) * 1000
                yield at_most("slowest command of a minute of polls, 100,000 live bans", 50, slowest, " ms")
                for what, path in (("first rows", "bans"), ("first rows by address", "bans?sort=address")):
                    yield at_most(f"{what} of the page of bans, 100,000 live bans", 1, await service.rows(path), " s")
            finally:
                await service.stop()
