"""Use case: how is this host doing, asked once."""

from __future__ import annotations

from datetime import UTC, datetime

from bangui.domain.daemon import DaemonState, Presence
from bangui.domain.gateway import Gateway
from bangui.domain.operations import ReadCounters, ReadVersion
from bangui.domain.snapshot import Snapshot


async def read_overview(gateway: Gateway) -> Snapshot:
    """Return the daemon's version and the counters of its jails; no ban is listed."""
    version = await gateway.perform(ReadVersion())
    jails = await gateway.perform(ReadCounters())
    now = datetime.now(UTC)
    daemon = DaemonState(gateway.host, Presence.UP, version, since=now)
    return Snapshot(gateway.host, 0, now, daemon, jails)
