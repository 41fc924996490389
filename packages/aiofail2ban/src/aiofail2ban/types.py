"""The values that typed commands return: frozen, plain, and free of any behaviour.

Ids of bans are texts. fail2ban bans addresses, networks, and any other text that a filter captures, and shows
addresses in their canonical form. Times are naive: see `Ban`.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import TYPE_CHECKING, Literal, TypeAlias

from ._late import late_names

if TYPE_CHECKING:
    from ._ban_types import Ban, BanLocation
    from ._filter_types import DatePattern, IgnoreCache

__all__ = [
    "Ban",
    "BanId",
    "BanLocation",
    "DatePattern",
    "Duration",
    "IgnoreCache",
    "JailOrigins",
    "JailStatistics",
    "JailStatus",
    "ServerStatus",
    "UseDns",
]

__getattr__ = late_names(
    __name__, {"_ban_types": ("Ban", "BanLocation"), "_filter_types": ("DatePattern", "IgnoreCache")}
)

Duration: TypeAlias = int | str
"""Whole seconds, or fail2ban's text for them such as `1h 30m`, which this library reads itself."""

BanId: TypeAlias = str | IPv4Address | IPv6Address | IPv4Network | IPv6Network
"""What can be banned: any text; the address types of the standard library are taken as their text."""

UseDns: TypeAlias = Literal["yes", "warn", "no", "raw"]
"""Whether a filter looks up host names; `raw` takes them as they are."""


@dataclass(frozen=True, slots=True)
class ServerStatus:
    """The names of all jails, sorted."""

    jail_names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class JailStatistics:
    """A jail in numbers.

    `currently_failed` counts ids with recent failures, `total_failed` counts failures since the start,
    `total_banned` includes bans that were restored at the start. `backend` (`polling`, `pyinotify`, `systemd`) is
    None where the daemon does not tell it (fail2ban < 1.1).
    """

    currently_failed: int
    total_failed: int
    currently_banned: int
    total_banned: int
    backend: str | None = None


@dataclass(frozen=True, slots=True)
class JailStatus:
    """A jail's numbers, what it reads, and who is banned.

    The numbers mean what they mean in `JailStatistics`. A jail reads log files or, with the systemd backend, what
    `journal_matches` select. `banned_ids`, in the order of the bans, is None where it was not asked for.
    """

    currently_failed: int
    total_failed: int
    currently_banned: int
    total_banned: int
    log_paths: tuple[str, ...] = ()
    journal_matches: tuple[str, ...] = ()
    banned_ids: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class JailOrigins:
    """A jail's status, and where its bans come from according to Team Cymru: one entry a ban, or one `error`."""

    status: JailStatus
    asns: tuple[str, ...]
    countries: tuple[str, ...]
    registries: tuple[str, ...]
