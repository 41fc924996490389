"""The JSON of the command line: stable keys, times in ISO 8601 with their zone, escapes for all that is not ASCII.

The keys are documented in docs/cli.md; they may be added to, never renamed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bangui.cli.times import exact

if TYPE_CHECKING:
    from datetime import datetime

    from bangui.domain.bans import Ban
    from bangui.domain.jails import JailCounters, JailRule
    from bangui.domain.outcomes import BannedId, UnbannedId
    from bangui.domain.verdict import FoundBan, Verdict


def dump(value: object) -> str:
    """Return the value as one line of JSON."""
    import json

    return json.dumps(value)


def time_value(moment: datetime | None) -> str | None:
    """Return a time, or None where there is none (the end of a permanent ban)."""
    return None if moment is None else exact(moment)


def counters_value(jail: JailCounters) -> dict[str, object]:
    """Return what a jail counts."""
    return {
        "name": jail.name,
        "currently_failed": jail.currently_failed,
        "total_failed": jail.total_failed,
        "currently_banned": jail.currently_banned,
        "total_banned": jail.total_banned,
    }


def rule_value(rule: JailRule) -> dict[str, object]:
    """Return a jail's rule; `bantime` null means for ever."""
    return {
        "maxretry": rule.max_retry,
        "findtime": rule.find_time,
        "bantime": rule.ban_time,
        "bantime_increment": rule.grows,
    }


def ban_value(ban: Ban) -> dict[str, object]:
    """Return a ban; `duration` (seconds) and `ends_at` null mean for ever."""
    return {
        "host": ban.host,
        "jail": ban.jail,
        "id": ban.id,
        "banned_at": time_value(ban.banned_at),
        "duration": ban.duration,
        "ends_at": time_value(ban.ends_at),
    }


def banned_value(one: BannedId) -> dict[str, object]:
    """Return what a ban did to one id."""
    return {"id": one.id, "result": one.result.value.replace(" ", "_"), "problem": one.problem}


def unbanned_value(one: UnbannedId) -> dict[str, object]:
    """Return what an unban did to one id."""
    return {"id": one.id, "jails": list(one.jails), "lifted": one.lifted, "problem": one.problem}


def verdict_value(verdict: Verdict) -> dict[str, object]:
    """Return why an id is banned, or that it is not."""
    return {
        "host": verdict.host,
        "id": verdict.id,
        "is_address": verdict.is_address,
        "banned": bool(verdict.bans),
        "bans": [_found_value(found) for found in verdict.bans],
        "allowed_by": [{"jail": allowed.jail, "entries": list(allowed.entries)} for allowed in verdict.allowed_by],
        "jails_asked": list(verdict.jails),
    }


def _found_value(found: FoundBan) -> dict[str, object]:
    return {
        "jail": found.jail,
        "id": found.banned_id,
        "exact": found.is_exact,
        "banned_at": time_value(found.ban.banned_at) if found.ban else None,
        "duration": found.ban.duration if found.ban else None,
        "ends_at": time_value(found.ban.ends_at) if found.ban else None,
        "permanent": found.ban is not None and found.ban.duration is None,
        "rule": rule_value(found.rule) if found.rule else None,
    }
