"""Use cases about bans: list, ban and unban, for one id or ten thousand.

Changes go out in slices: the daemon runs one command at a time and a firewall action costs it 6 to 9 ms for each id,
so a slice holds other clients up for a quarter of a second. What came of each slice is handed on at once.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from itertools import islice

from bangui.domain.bans import Ban, newest_first
from bangui.domain.errors import UnknownJail
from bangui.domain.gateway import Gateway
from bangui.domain.operations import BanIds, ReadBans, ReadCounters, UnbanIds
from bangui.domain.outcomes import BanOutcome, UnbanOutcome

SLICE = 25


async def list_bans(gateway: Gateway, jail: str | None = None) -> tuple[Ban, ...]:
    """Return the bans of one jail, or of all jails together, newest first."""
    if jail is not None:
        return await gateway.perform(ReadBans(jail))
    bans: list[Ban] = []
    for counters in await gateway.perform(ReadCounters()):
        if counters.currently_banned:
            try:
                bans.extend(await gateway.perform(ReadBans(counters.name)))
            except UnknownJail:
                continue  # stopped since the counters were read
    return newest_first(bans)


async def ban(gateway: Gateway, jail: str, ids: Iterable[str]) -> AsyncIterator[BanOutcome]:
    """Ban ids in a jail, each once however often it is given; yield what came of each slice."""
    for part in _slices(ids):
        yield await gateway.perform(BanIds(jail, tuple(part)))


async def unban(gateway: Gateway, ids: Iterable[str], jail: str | None = None) -> AsyncIterator[UnbanOutcome]:
    """Unban ids in one jail or in all; yield what came of each slice."""
    for part in _slices(ids):
        yield await gateway.perform(UnbanIds(tuple(part), jail))


def _slices(ids: Iterable[str]) -> Iterable[Sequence[str]]:
    unique = iter(dict.fromkeys(ids))
    while part := list(islice(unique, SLICE)):
        yield part
