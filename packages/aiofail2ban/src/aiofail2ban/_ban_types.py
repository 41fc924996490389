"""Bans as values; `aiofail2ban.types` is where users find them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Ban:
    """One id that is banned now.

    `duration` is in seconds, None for a permanent ban, which has no `ends_at` either. The times are naive and in
    the local time zone of the daemon, in whole seconds, exactly as it sent them: it does not say which zone that is.
    Across a change to or from summer time `ends_at - banned_at` differs from `duration`.
    """

    id: str
    banned_at: datetime
    duration: int | None
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class BanLocation:
    """Where something is banned: the jail, and the id there, which may be a network that covers it."""

    jail: str
    id: str
