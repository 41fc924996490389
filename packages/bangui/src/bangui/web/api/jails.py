"""Jails: their counters as they were last read, and the rule of one as the daemon tells it now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from bangui.domain.accounts import Scope
from bangui.domain.errors import UnknownJail
from bangui.domain.jails import JailCounters
from bangui.domain.operations import ReadAllowList, ReadRule
from bangui.services.jails import suggest_jail
from bangui.web.api.jail_keys import LONGEST_KEY, jail_key, parse_jail_key
from bangui.web.api.operations import Call, Nothing, Operation
from bangui.web.api.parts import gateway_of
from bangui.web.api.shapes import About
from bangui.web.site import Site


@dataclass(frozen=True, slots=True)
class Jail:
    """A jail and what it has counted."""

    name: Annotated[str, About("Its name.", "sshd")]
    key: Annotated[str, About("Its name as it stands in paths: the name itself, or `~` and base64.", "sshd")]
    currently_failed: Annotated[int, About("Ids that have failed lately.", 3)]
    total_failed: Annotated[int, About("Failures since the daemon started.", 1_042)]
    currently_banned: Annotated[int, About("Ids that are banned now.", 17)]
    total_banned: Annotated[int, About("Bans since the daemon started.", 391)]


@dataclass(frozen=True, slots=True)
class JailList:
    """The jails that run, in the order of their names."""

    items: tuple[Jail, ...]
    next: Annotated[str | None, About("Always null: jails are few.", None)] = None


@dataclass(frozen=True, slots=True)
class JailRuleValue:
    """When a jail bans, and for how long."""

    max_retry: Annotated[int, About("So many failures lead to a ban.", 5)]
    find_time: Annotated[float, About("Seconds within which they must happen.", 600)]
    ban_time: Annotated[int | None, About("Seconds that a ban lasts; null for ever.", 3_600)]
    grows: Annotated[bool, About("Whether repeated offenders are banned for longer each time.", example=False)]


@dataclass(frozen=True, slots=True)
class JailDetails:
    """A jail with its rule and its allow list."""

    jail: Jail
    rule: JailRuleValue
    allowed: Annotated[tuple[str, ...], About("What it never bans (`ignoreip`).", ("127.0.0.1/8", "192.0.2.1"))]
    allows_own_addresses: Annotated[bool, About("Whether the host's own addresses are allowed too.", example=True)]


@dataclass(frozen=True, slots=True)
class JailPath:
    """Which jail."""

    jail: Annotated[str, About("The `key` of a jail.", "sshd", longest=LONGEST_KEY, reads=parse_jail_key)]


def operations(site: Site) -> tuple[Operation, ...]:
    """Return the operations about jails."""

    async def jails(call: Call[Nothing, Nothing]) -> JailList:
        del call
        return JailList(tuple(map(_jail, site.live.snapshot.jails)))

    async def jail(call: Call[JailPath, Nothing]) -> JailDetails:
        name = call.asked.jail
        counters = _find(site, name)
        gateway = gateway_of(site)
        rule = await gateway.perform(ReadRule(name))
        allowed = await gateway.perform(ReadAllowList(name))
        told = JailRuleValue(rule.max_retry, rule.find_time, rule.ban_time, rule.grows)
        return JailDetails(_jail(counters), told, allowed.entries, allowed.own_addresses)

    return (
        Operation("listJails", "GET", "/jails", "Jails", "List the jails", Scope.READ, jails),
        Operation(
            "getJail",
            "GET",
            "/jails/{jail}",
            "Jails",
            "Tell the rule and the allow list of a jail",
            Scope.READ,
            jail,
            problems=("unknown-jail", "refused", "daemon-away"),
        ),
    )


def _find(site: Site, name: str) -> JailCounters:
    jails = site.live.snapshot.jails
    for jail in jails:
        if jail.name == name:
            return jail
    raise UnknownJail(name, suggest_jail(name, [jail.name for jail in jails], "no jail is known to run"))


def _jail(jail: JailCounters) -> Jail:
    return Jail(
        jail.name,
        jail_key(jail.name),
        jail.currently_failed,
        jail.total_failed,
        jail.currently_banned,
        jail.total_banned,
    )
