"""Why is this id banned, or why is it not?"""

from __future__ import annotations

from dataclasses import dataclass

from bangui.domain.bans import Ban
from bangui.domain.jails import JailRule


@dataclass(frozen=True, slots=True)
class FoundBan:
    """A ban that covers the id in question: of the id itself, or of a network around it.

    `ban` is None where the jail holds so many bans that looking for the times of one would hold up the daemon, and
    where the ban ended while we looked. `rule` is the jail's rule now; it may have been another when the ban began.
    """

    jail: str
    banned_id: str
    is_exact: bool
    ban: Ban | None
    rule: JailRule | None


@dataclass(frozen=True, slots=True)
class AllowedBy:
    """A jail that never bans the id by itself, and the entries of its allow list that say so."""

    jail: str
    entries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """All that the daemon knows about one id.

    `is_address` is False for a text that is banned (or not) as it stands. `jails` are the jails that were asked.
    An allow list stops a jail from banning; it does not lift a ban, so an id may well be banned and allowed.
    """

    host: str
    id: str
    is_address: bool
    bans: tuple[FoundBan, ...]
    allowed_by: tuple[AllowedBy, ...]
    jails: tuple[str, ...]
