"""Use cases about jails."""

from __future__ import annotations

from bangui.domain.errors import UnknownJail
from bangui.domain.gateway import Gateway
from bangui.domain.jails import JailCounters, JailRule
from bangui.domain.operations import ReadCounters, ReadRule
from bangui.domain.phrases import phrase

_NO_JAILS = phrase("this fail2ban has no jails: enable one in /etc/fail2ban/jail.local")


async def require_jail(gateway: Gateway, name: str) -> JailCounters:
    """Return the counters of a jail, or raise `UnknownJail` with the names that could have been meant."""
    jails = await gateway.perform(ReadCounters())
    for jail in jails:
        if jail.name == name:
            return jail
    raise UnknownJail(name, suggest_jail(name, [jail.name for jail in jails], _NO_JAILS))


async def list_jails(gateway: Gateway) -> list[tuple[JailCounters, JailRule]]:
    """Return every jail with its counters and its rule, in the order of their names."""
    jails = []
    for jail in await gateway.perform(ReadCounters()):
        try:
            jails.append((jail, await gateway.perform(ReadRule(jail.name))))
        except UnknownJail:
            continue  # stopped since the counters were read
    return jails


def suggest_jail(name: str, names: list[str], if_none: str) -> str:
    """Return which of the names was probably meant, or all of them; `if_none` where there are none."""
    if not names:
        return if_none
    from difflib import get_close_matches

    close = get_close_matches(name, names, n=1)
    if close:
        return phrase("did you mean {jail!r}?", jail=close[0])
    shown = ", ".join(names[:8])
    if len(names) > 8:
        return phrase("the jails are {jails} and {count} more", jails=shown, count=len(names) - 8)
    return phrase("the jails are {jails}", jails=shown)
