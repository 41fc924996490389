"""What a script learns from the exit status."""

from __future__ import annotations

from enum import IntEnum

from bangui.domain.errors import AwayReason, BanGUIError, DaemonAway, InvalidInput


class ExitCode(IntEnum):
    """The exit statuses of every command."""

    FINE = 0
    NOTHING_DONE = 1
    """The daemon refused, the history is damaged, or there was nothing to do or to find."""
    USAGE = 2
    AWAY = 3
    """There is no daemon, or no history."""
    DENIED = 4
    SLOW = 5
    INTERRUPTED = 130
    """Ctrl-C (128 + SIGINT)."""
    BROKEN_PIPE = 141
    """Whoever read the output went away (128 + SIGPIPE)."""


_BY_REASON = {AwayReason.DENIED: ExitCode.DENIED, AwayReason.SLOW: ExitCode.SLOW}


def exit_code_of(error: BanGUIError) -> ExitCode:
    """Return the exit status that an error ends the command with."""
    if isinstance(error, DaemonAway):
        return _BY_REASON.get(error.reason, ExitCode.AWAY)
    if isinstance(error, InvalidInput):
        return ExitCode.USAGE
    # Only now: whoever has no history to open need not import what can be wrong with it.
    from bangui.domain.history_ports import StoreError, StoreTrouble

    if isinstance(error, StoreError):
        by_trouble = {
            StoreTrouble.MISSING: ExitCode.AWAY,
            StoreTrouble.AWAY: ExitCode.AWAY,
            StoreTrouble.DENIED: ExitCode.DENIED,
            StoreTrouble.BUSY: ExitCode.SLOW,
        }
        return by_trouble.get(error.trouble, ExitCode.NOTHING_DONE)
    return ExitCode.NOTHING_DONE
