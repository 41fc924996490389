"""`bangui status`: is fail2ban running, and what do its jails count?"""

from __future__ import annotations

from bangui.cli.exit_codes import ExitCode
from bangui.cli.inert import inert
from bangui.cli.json_values import counters_value, dump, time_value
from bangui.cli.parts import Call
from bangui.cli.table import Column, print_table
from bangui.domain.snapshot import Snapshot
from bangui.services.overview import read_overview

_COLUMNS = (
    Column("JAIL", can_be_cut=True),
    Column("FAILING", is_number=True),
    Column("BANNED", is_number=True),
    Column("TOTAL FAILED", is_number=True, drop=2),
    Column("TOTAL BANNED", is_number=True, drop=1),
)


async def run(call: Call) -> int:
    """Show the daemon and its counters."""
    overview = await read_overview(call.gateway)
    if call.options.json:
        call.screen.line(dump(_as_json(overview)))
        return ExitCode.FINE
    call.screen.prose(headline(overview), "bold")
    if overview.jails:
        call.screen.line()
        print_table(
            call.screen,
            _COLUMNS,
            (
                (
                    jail.name,
                    str(jail.currently_failed),
                    str(jail.currently_banned),
                    str(jail.total_failed),
                    str(jail.total_banned),
                )
                for jail in overview.jails
            ),
        )
    return ExitCode.FINE


def headline(overview: Snapshot) -> str:
    """Return the daemon's state in one sentence."""
    running = f"fail2ban {inert(overview.daemon.version or '')} is running"
    if not overview.jails:
        return f"{running} and has no jails: nothing is protected"
    failing = sum(jail.currently_failed for jail in overview.jails)
    banned = sum(jail.currently_banned for jail in overview.jails)
    return f"{running}: {counted(len(overview.jails), 'jail')}, {failing} failing, {banned} banned"


def counted(count: int, noun: str) -> str:
    """Return a number with its noun: `1 jail`, `2 jails`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _as_json(overview: Snapshot) -> dict[str, object]:
    return {
        "host": overview.host,
        "presence": overview.daemon.presence.value,
        "version": overview.daemon.version,
        "taken_at": time_value(overview.taken_at),
        "jails": [counters_value(jail) for jail in overview.jails],
    }
