"""`bangui why IP`: why is it banned, or why is it not?"""

from __future__ import annotations

from datetime import datetime

from bangui.cli.exit_codes import ExitCode
from bangui.cli.inert import inert
from bangui.cli.json_values import dump, verdict_value
from bangui.cli.parts import Call
from bangui.cli.screen import Screen
from bangui.cli.times import ago, clock, exact, left
from bangui.domain.verdict import FoundBan, Verdict
from bangui.services.why import explain


async def run(call: Call) -> int:
    """Explain one id; the exit status tells whether it is banned."""
    verdict = await explain(call.gateway, call.options.id, call.parts.own_addresses())
    if call.options.json:
        call.screen.line(dump(verdict_value(verdict)))
    else:
        _print(call.screen, verdict, call.parts.now())
    return ExitCode.FINE if verdict.bans else ExitCode.NOTHING_DONE


def _print(screen: Screen, verdict: Verdict, now: datetime) -> None:
    screen.prose(_headline(verdict), "bold")
    for found in verdict.bans:
        screen.line()
        _print_ban(screen, found, now)
    if verdict.allowed_by:
        screen.line()
        _print_allow_lists(screen, verdict)


def _headline(verdict: Verdict) -> str:
    id = inert(verdict.id)
    if verdict.bans:
        jails = list(dict.fromkeys(found.jail for found in verdict.bans))
        return f"{id} is banned in {', '.join(inert(jail) for jail in jails)}"
    if not verdict.jails:
        return f"{id} is not banned: fail2ban has no jails"
    asked = "the only jail" if len(verdict.jails) == 1 else f"any of the {len(verdict.jails)} jails"
    note = "" if verdict.is_address else " (it is no address, so this very text was looked for)"
    return f"{id} is not banned in {asked}{note}"


def _print_ban(screen: Screen, found: FoundBan, now: datetime) -> None:
    covered = "" if found.is_exact else f", through the network {inert(found.banned_id)}"
    screen.prose(f"{inert(found.jail)}{covered}")
    if found.ban is None:
        screen.prose("  the times are unknown: the jail holds too many bans to look")
    else:
        since, ends_at = found.ban.banned_at, found.ban.ends_at
        screen.prose(f"  since  {_moment(screen, since, ago(since, now), now)}")
        if ends_at is None:
            screen.prose("  until  somebody unbans it (permanent)")
        else:
            screen.prose(f"  until  {_moment(screen, ends_at, left(ends_at, now), now)}")
    if found.rule is not None:
        screen.prose(f"  rule   {found.rule.in_words()}")


def _moment(screen: Screen, moment: datetime, relative: str, now: datetime) -> str:
    return f"{clock(moment, now)} ({relative})" if screen.is_terminal else exact(moment)


def _print_allow_lists(screen: Screen, verdict: Verdict) -> None:
    if verdict.bans:
        screen.prose("allow lists cover it all the same; they stop new bans and do not lift this one:")
    else:
        screen.prose("allow lists cover it, so these jails do not ban it by themselves:")
    for allowed in verdict.allowed_by:
        screen.prose(f"  {inert(allowed.jail)}: {', '.join(inert(entry) for entry in allowed.entries)}")
