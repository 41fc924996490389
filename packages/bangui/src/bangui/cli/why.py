"""`bangui why IP`: why is it banned, or why is it not, and what was before?

What fail2ban says now comes first, because it is there first. The history follows, where there is one; without
fail2ban the history answers alone, and the exit status says that nobody knows who is banned now.
"""

from __future__ import annotations

from datetime import datetime

from bangui.cli.exit_codes import ExitCode, exit_code_of
from bangui.cli.inert import inert
from bangui.cli.json_values import dump, verdict_value
from bangui.cli.parts import Call
from bangui.cli.place_options import HOW_TO_GET_ONE, may_be_there
from bangui.cli.screen import Screen
from bangui.cli.times import ago, clock, exact, left
from bangui.domain.errors import DaemonAway
from bangui.domain.verdict import FoundBan, Verdict
from bangui.services.why import explain


async def run(call: Call) -> int:
    """Explain one id; the exit status tells whether it is banned."""
    try:
        verdict = await explain(call.gateway, call.options.id, call.parts.own_addresses())
        away = None
    except DaemonAway as error:
        verdict, away = None, error
    if verdict is not None and not call.options.json:
        _print(call.screen, verdict, call.parts.now())
        call.screen.flush()
    problem = _add_past(call, verdict, away)
    if problem and away is not None:
        raise away
    if problem:
        _do_without_past(call, verdict, problem)
    if away is not None:
        return exit_code_of(away)
    return ExitCode.FINE if verdict and verdict.bans else ExitCode.NOTHING_DONE


def _add_past(call: Call, verdict: Verdict | None, away: DaemonAway | None) -> str:
    """Tell what the history knows, or return why it tells nothing."""
    if not may_be_there(call.options.history):
        return f"there is no history yet; {HOW_TO_GET_ONE}"
    # Imported now: without a history nobody shall wait for it.
    from bangui.cli.past import add_past

    begins = [found.ban.banned_at for found in verdict.bans if found.ban] if verdict else []
    return add_past(call, _value(call, verdict, away), away, max(begins, default=None))


def _do_without_past(call: Call, verdict: Verdict | None, problem: str) -> None:
    if call.options.json:
        nothing: dict[str, object] = {"history": None, "history_problem": problem, "data_sources": []}
        call.screen.line(dump({**_value(call, verdict, None), **nothing}))
    else:
        call.screen.line()
        call.screen.prose(inert(f"what was before is not known: {problem}"), "dim")


def _value(call: Call, verdict: Verdict | None, away: DaemonAway | None) -> dict[str, object]:
    """Return what fail2ban says, or that it says nothing."""
    if verdict is not None:
        return {**verdict_value(verdict), "problem": None}
    return {
        "host": call.gateway.host,
        "id": call.options.id,
        "is_address": None,
        "banned": None,
        "bans": [],
        "allowed_by": [],
        "jails_asked": [],
        "problem": away.message if away else None,
    }


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
