"""What BanGUI was asked to keep in the allow lists of jails: by whom, why, since when and until when.

fail2ban forgets at each reload and restart what was added while it ran. A note is the wish that outlasts that: until
it ends, whoever keeps the notes puts its entry back. A note about every jail is also about those to come.

`found_in` are the jails that had the entry before anybody asked BanGUI for it: what is there by the configuration is
not taken away when the note ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

LONGEST_NOTE = 1_000
"""Characters of what somebody writes about an entry."""
MOST_NOTES = 5_000
"""Of one host: far more than anybody reads, few enough to be gone through every few seconds."""


@dataclass(frozen=True, slots=True)
class AllowNote:
    """One entry that is wanted in one jail, or in every jail where `jail` is None; times in Unix milliseconds.

    `entry` is an address or a network in canonical form.
    """

    host: str
    jail: str | None
    entry: str
    note: str
    author: str
    made: int
    ends: int | None = None
    found_in: tuple[str, ...] = ()

    def is_about(self, jail: str) -> bool:
        """Whether its entry is wanted in this jail."""
        return self.jail is None or self.jail == jail

    def holds(self, now: int) -> bool:
        """Whether it has not ended."""
        return self.ends is None or now < self.ends


class AllowNotes(Protocol):
    """Keeps notes; each of its functions blocks and raises `StoreError`."""

    def all(self, host: str) -> Sequence[AllowNote]:
        """Return the notes of a host, also those that have ended, in no order."""
        ...

    def keep(self, notes: Sequence[AllowNote]) -> None:
        """Keep notes, each instead of the one about the same jail and entry."""
        ...

    def forget(self, notes: Sequence[AllowNote]) -> None:
        """Forget notes; one that was replaced since it was read stays."""
        ...


def wanted_in(jail: str, notes: Iterable[AllowNote], now: int) -> set[str]:
    """Return the entries that notes want in a jail now."""
    return {note.entry for note in notes if note.is_about(jail) and note.holds(now)}


def ended_in(jail: str, notes: Sequence[AllowNote], now: int) -> set[str]:
    """Return the entries that are to leave a jail, because their notes have ended."""
    ended = {note.entry for note in notes if note.is_about(jail) and not note.holds(now) and jail not in note.found_in}
    return ended - wanted_in(jail, notes, now)
