"""What came of a change, id by id."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class BanResult(Enum):
    """What happened to one id that was to be banned."""

    BANNED = "banned"
    ALREADY_BANNED = "already banned"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class BannedId:
    """One id after a ban; `problem` says why it failed."""

    id: str
    result: BanResult
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class BanOutcome:
    """A ban in one jail. `BANNED` means that the daemon lists the id, not that the firewall rule is in place."""

    host: str
    jail: str
    ids: tuple[BannedId, ...]


@dataclass(frozen=True, slots=True)
class UnbannedId:
    """One id after an unban: the jails in which this very id was banned, and how many bans were lifted in all.

    A network that was not banned itself lifts the addresses inside it: then `jails` is empty and `lifted` is not 0.
    """

    id: str
    jails: tuple[str, ...]
    lifted: int
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class UnbanOutcome:
    """An unban in one jail, or everywhere where `jail` is None."""

    host: str
    jail: str | None
    ids: tuple[UnbannedId, ...]
