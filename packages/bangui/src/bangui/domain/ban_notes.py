"""Which ban a note is about: pure, and the same whatever comes first, the note or the ban.

A note is written when somebody asks for a ban. It belongs to the first ban that begins from then on (a second earlier
counts as well: fail2ban's times are rounded), within `LONGEST_WAIT`. Where several notes would have the same ban, the
one next to it has it; the others asked in vain, or for what was there already.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

EARLIEST = 1_000
"""How much earlier than its note a ban may be, in milliseconds."""
LONGEST_WAIT = 60_000
"""How much later."""

B = TypeVar("B")
N = TypeVar("N")


def notes_of_bans(bans: Mapping[B, int], notes: Mapping[N, int]) -> dict[B, N]:
    """Return the note of each ban that has one; both are given with their times, of one host, jail and id."""
    candidates: dict[B, list[tuple[int, int, N]]] = {}
    in_order = sorted(bans.items(), key=lambda ban: ban[1])
    for note, asked in sorted(notes.items(), key=lambda note: note[1]):
        for ban, begun in in_order:
            if asked - EARLIEST <= begun <= asked + LONGEST_WAIT:
                candidates.setdefault(ban, []).append((abs(begun - asked), asked, note))
                break
    return {ban: _nearest(found) for ban, found in candidates.items()}


def _nearest(candidates: Iterable[tuple[int, int, N]]) -> N:
    return min(candidates, key=lambda candidate: candidate[:2])[2]
