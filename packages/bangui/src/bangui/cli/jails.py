"""`bangui jails`: which jails are there, and when does each of them ban?"""

from __future__ import annotations

from bangui.cli.exit_codes import ExitCode
from bangui.cli.json_values import counters_value, dump, rule_value
from bangui.cli.parts import Call
from bangui.cli.table import Column, print_table
from bangui.domain.durations import duration_in_words
from bangui.domain.jails import JailCounters, JailRule
from bangui.services.jails import list_jails

_COLUMNS = (
    Column("JAIL", can_be_cut=True),
    Column("BANNED", is_number=True),
    Column("RETRIES", is_number=True, drop=1),
    Column("WITHIN", drop=2),
    Column("BAN TIME"),
)


async def run(call: Call) -> int:
    """Show every jail with its rule."""
    jails = await list_jails(call.gateway)
    if call.options.json:
        call.screen.line(dump({"jails": [{**counters_value(jail), **rule_value(rule)} for jail, rule in jails]}))
    elif jails:
        print_table(call.screen, _COLUMNS, (_row(jail, rule) for jail, rule in jails))
    else:
        call.screen.line("fail2ban has no jails: enable one in /etc/fail2ban/jail.local")
    return ExitCode.FINE


def _row(jail: JailCounters, rule: JailRule) -> tuple[str, ...]:
    return (
        jail.name,
        str(jail.currently_banned),
        str(rule.max_retry),
        duration_in_words(rule.find_time),
        _ban_time(rule),
    )


def _ban_time(rule: JailRule) -> str:
    if rule.ban_time is None:
        return "permanent"
    return duration_in_words(rule.ban_time) + (", growing" if rule.grows else "")
