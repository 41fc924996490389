"""Use case: the bans of a host that began last, of those that are in force."""

from __future__ import annotations

from heapq import merge
from itertools import islice

from bangui.domain.bans import Ban
from bangui.domain.snapshot import Snapshot


def latest_bans(snapshot: Snapshot, at_most: int) -> tuple[Ban, ...]:
    """Return the newest bans of all jails, the newest first; equal times are in the order of their ids and jails."""
    ordered = merge(
        *(jail.bans for jail in snapshot.bans), key=lambda ban: (-ban.banned_at.timestamp(), ban.id, ban.jail)
    )
    return tuple(islice(ordered, at_most))
