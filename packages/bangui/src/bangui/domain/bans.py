"""Bans: who is banned now, in which jail and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Ban:
    """One identifier banned in one jail.

    `id` is an address, a network or any text that a filter captured: an attacker may have chosen it.
    Times are aware and in UTC. `duration` is in seconds as the daemon sent it; None means permanent, and then
    there is no `ends_at`.
    """

    host: str
    jail: str
    id: str
    banned_at: datetime
    duration: int | None
    ends_at: datetime | None

    def remaining(self, now: datetime) -> timedelta | None:
        """Return the time left, never negative; None for a permanent ban."""
        if self.ends_at is None:
            return None
        return max(self.ends_at - now, timedelta())


def newest_first(bans: list[Ban]) -> tuple[Ban, ...]:
    """Return the bans sorted by their start, the newest first; equal times keep the order of their ids."""
    ordered = sorted(bans, key=lambda ban: ban.id)
    ordered.sort(key=lambda ban: ban.banned_at, reverse=True)
    return tuple(ordered)


@dataclass(frozen=True, slots=True)
class JailBans:
    """The bans of one jail, newest first.

    `total` is how many there are by the daemon's own count. Where they are too many to be listed over the socket, the
    list comes from fail2ban's database, which may be a moment behind; where that cannot be read either, `complete` is
    False and `bans` is empty. `read_at` (aware, UTC) is when the list was read.
    """

    jail: str
    bans: tuple[Ban, ...]
    total: int
    complete: bool
    read_at: datetime
