"""Use cases about jails."""

from __future__ import annotations

from bangui.domain.errors import UnknownJail
from bangui.domain.gateway import Gateway
from bangui.domain.jails import JailCounters, JailRule
from bangui.domain.operations import ReadCounters, ReadRule


async def require_jail(gateway: Gateway, name: str) -> JailCounters:
    """Return the counters of a jail, or raise `UnknownJail` with the names that could have been meant."""
    jails = await gateway.perform(ReadCounters())
    for jail in jails:
        if jail.name == name:
            return jail
    raise UnknownJail(name, _suggestion(name, [jail.name for jail in jails]))


async def list_jails(gateway: Gateway) -> list[tuple[JailCounters, JailRule]]:
    """Return every jail with its counters and its rule, in the order of their names."""
    jails = []
    for jail in await gateway.perform(ReadCounters()):
        try:
            jails.append((jail, await gateway.perform(ReadRule(jail.name))))
        except UnknownJail:
            continue  # stopped since the counters were read
    return jails


def _suggestion(name: str, names: list[str]) -> str:
    if not names:
        return "this fail2ban has no jails: enable one in /etc/fail2ban/jail.local"
    from difflib import get_close_matches

    close = get_close_matches(name, names, n=1)
    if close:
        return f"did you mean {close[0]!r}?"
    shown = ", ".join(names[:8])
    return f"its jails are {shown}" + (f" and {len(names) - 8} more" if len(names) > 8 else "")
