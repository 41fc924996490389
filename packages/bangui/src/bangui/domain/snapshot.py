"""Everything that is known about a host at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from bangui.domain.bans import JailBans
    from bangui.domain.daemon import DaemonState
    from bangui.domain.jails import JailCounters
    from bangui.domain.last_day import Record


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The daemon, its jails and their bans, read together.

    `revision` grows by one whenever something differs from the snapshot before. `taken_at` (aware, UTC) is when the
    numbers were last read: while the daemon is away it stands still, and so do the numbers. `jails` and `bans` are
    in the order of the jails' names. `record` is what the history says, None where none is kept.
    """

    host: str
    revision: int
    taken_at: datetime
    daemon: DaemonState
    jails: tuple[JailCounters, ...] = ()
    bans: tuple[JailBans, ...] = ()
    record: Record | None = None
