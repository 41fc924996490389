"""Jails: their counters, their rule and their allow list."""

from __future__ import annotations

from dataclasses import dataclass

from bangui.domain.durations import duration_in_words
from bangui.domain.phrases import Phrase, phrase


@dataclass(frozen=True, slots=True)
class JailCounters:
    """What a jail has counted: `currently_*` are identifiers now, `total_*` events since the daemon started."""

    host: str
    name: str
    currently_failed: int
    total_failed: int
    currently_banned: int
    total_banned: int


@dataclass(frozen=True, slots=True)
class JailRule:
    """When a jail bans and for how long; times in seconds, `ban_time` None for ever.

    `grows` means that repeated offenders are banned for longer each time (`bantime.increment`).
    """

    host: str
    jail: str
    max_retry: int
    find_time: float
    ban_time: int | None
    grows: bool

    def in_words(self) -> Phrase:
        """Return the rule as one phrase: `5 failures within 10m: banned for 1h`."""
        failures = phrase("1 failure") if self.max_retry == 1 else phrase("{count} failures", count=self.max_retry)
        time = duration_in_words(self.find_time)
        length = self.ban_time_in_words()
        return phrase("{failures} within {time}: banned {length}", failures=failures, time=time, length=length)

    def ban_time_in_words(self) -> Phrase:
        """Return for how long the jail bans: `for 1h`, `for ever`."""
        if self.ban_time is None:
            return phrase("for ever")
        time = duration_in_words(self.ban_time)
        return phrase("for {time}, longer each time", time=time) if self.grows else phrase("for {time}", time=time)


@dataclass(frozen=True, slots=True)
class AllowList:
    """What a jail never bans by itself: addresses, networks and names as the daemon lists them (`ignoreip`).

    `own_addresses` means that the machine's own addresses are allowed as well (`ignoreself`).
    """

    host: str
    jail: str
    entries: tuple[str, ...]
    own_addresses: bool
