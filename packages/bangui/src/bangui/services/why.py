"""Use case: why is this address banned, or why is it not?"""

from __future__ import annotations

from collections.abc import Iterable

from bangui.domain.addresses import Address, allowing_entries, covering_ids, parse_address
from bangui.domain.bans import Ban
from bangui.domain.errors import InvalidInput, UnknownJail
from bangui.domain.gateway import Gateway
from bangui.domain.jails import AllowList, JailCounters
from bangui.domain.operations import LookUp, ReadAllowList, ReadBans, ReadCounters, ReadRule
from bangui.domain.verdict import AllowedBy, FoundBan, Verdict

# A list costs the daemon 10 microseconds a ban, during which nobody else is answered: at most one second.
_LONGEST_LIST = 100_000

# Always among what fail2ban takes for its own.
_LOOPBACK = frozenset({"127.0.0.1", "::1"})


async def explain(gateway: Gateway, text: str, own_addresses: Iterable[Address] = ()) -> Verdict:
    """Return everything that the daemon knows about an address, a network or a banned text.

    `own_addresses` are those of the host itself, which jails allow through `ignoreself`.
    """
    address = _address_or_none(text)
    id = address.text if address else text
    jails = {jail.name: jail for jail in await gateway.perform(ReadCounters())}
    bans = await _find_bans(gateway, covering_ids(address) if address else (text,), jails)
    allowed_by = await _find_allowing_jails(gateway, address, tuple(own_addresses), jails) if address else ()
    return Verdict(gateway.host, id, address is not None, bans, allowed_by, tuple(jails))


async def _find_bans(gateway: Gateway, ids: tuple[str, ...], jails: dict[str, JailCounters]) -> tuple[FoundBan, ...]:
    found = []
    for banned_id, banning_jails in zip(ids, await gateway.perform(LookUp(ids)), strict=True):
        for jail in banning_jails:
            try:
                ban = await _find_ban(gateway, jail, banned_id, jails.get(jail))
                rule = await gateway.perform(ReadRule(jail))
            except UnknownJail:
                continue  # stopped meanwhile, and its bans with it
            found.append(FoundBan(jail, banned_id, banned_id == ids[0], ban, rule))
    return tuple(found)


async def _find_ban(gateway: Gateway, jail: str, id: str, counters: JailCounters | None) -> Ban | None:
    if counters is not None and counters.currently_banned > _LONGEST_LIST:
        return None
    bans = await gateway.perform(ReadBans(jail))
    return next((ban for ban in bans if ban.id == id), None)


async def _find_allowing_jails(
    gateway: Gateway, address: Address, own_addresses: tuple[Address, ...], jails: Iterable[str]
) -> tuple[AllowedBy, ...]:
    is_own = address.text in _LOOPBACK or any(own.contains(address) for own in own_addresses)
    found = []
    for jail in jails:
        try:
            allow_list = await gateway.perform(ReadAllowList(jail))
        except UnknownJail:
            continue
        if entries := _entries_that_allow(address, is_own, allow_list):
            found.append(AllowedBy(jail, entries))
    return tuple(found)


def _entries_that_allow(address: Address, is_own: bool, allow_list: AllowList) -> tuple[str, ...]:
    entries = allowing_entries(address, allow_list.entries)
    return (*entries, "ignoreself") if is_own and allow_list.own_addresses else entries


def _address_or_none(text: str) -> Address | None:
    try:
        return parse_address(text)
    except InvalidInput:
        return None
