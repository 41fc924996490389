"""Everything that the history knows about an address, a network or a banned text."""

from __future__ import annotations

from dataclasses import dataclass

from bangui.domain.history import Event, JailSettings
from bangui.domain.history_queries import Count, IdSummary, JailCount, TopRow


@dataclass(frozen=True, slots=True)
class ToldBan:
    """One ban, with the log lines that led to it and what the jail was set to when it began.

    `settings` is None where nobody has looked at the jail by then. `unbanned` (Unix milliseconds) is when it was lifted
    or ran out; None while it is in force, and where nobody saw its end.
    """

    event: Event
    lines: tuple[str, ...] = ()
    settings: JailSettings | None = None
    unbanned: int | None = None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What came from a network: its bans in all, and the ids in it with the most, the one in question left out.

    `name` is a network such as `203.0.113.0/24`, or the number of an autonomous system such as `AS4134`.
    """

    name: str
    bans: Count
    others: tuple[TopRow, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """What the history tells about `id`.

    For a network, `bans` are those of every id in it, `inside` is what came from it, and there is no `summary`. `bans`
    are the newest first; `has_more_bans` means that there are older ones. `around` are the networks around an address
    that were banned themselves at some time. `subnet` is the /24 or the /48, `system` the autonomous system.
    """

    id: str
    summary: IdSummary | None
    jails: tuple[JailCount, ...]
    bans: tuple[ToldBan, ...]
    has_more_bans: bool
    around: tuple[IdSummary, ...] = ()
    inside: Surroundings | None = None
    subnet: Surroundings | None = None
    system: Surroundings | None = None
    country: str | None = None
    network: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether it was never seen."""
        return self.summary is None and not self.bans and not (self.inside and self.inside.others)
