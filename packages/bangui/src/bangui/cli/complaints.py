"""Errors, told in one line on standard error: what happened, and what to do about it.

With `--json` the line is a JSON object, still on standard error: standard output holds the whole answer or nothing.
"""

from __future__ import annotations

from typing import TextIO

from bangui.cli.exit_codes import exit_code_of
from bangui.cli.inert import inert
from bangui.domain.errors import BanGUIError, DaemonAway, DangerousBan, InvalidInput, OperationRefused


def complain(stream: TextIO, error: BanGUIError, *, as_json: bool = False) -> int:
    """Tell a person (or a program) about an error and return the exit status for it."""
    code = exit_code_of(error)
    stream.write(_as_json(error, code) if as_json else f"bangui: {in_one_line(error.message, error.hint)}\n")
    return code


def in_one_line(message: str, hint: str | None) -> str:
    """Return the message and its hint as one inert line."""
    return inert(f"{message}: {hint}" if hint else message)


def _as_json(error: BanGUIError, code: int) -> str:
    import json

    body = {"kind": _kind(error), "message": error.message, "hint": error.hint or None, "exit_code": int(code)}
    if isinstance(error, DaemonAway):
        body["reason"] = error.reason.value
    if isinstance(error, OperationRefused):
        body["detail"] = error.detail or None
    if trouble := _trouble(error):
        body |= {"kind": "history", "reason": trouble}
    return json.dumps({"error": body}) + "\n"


def _kind(error: BanGUIError) -> str:
    if isinstance(error, DaemonAway):
        return "away"
    if isinstance(error, DangerousBan):
        return "dangerous"
    return "usage" if isinstance(error, InvalidInput) else "refused"


def _trouble(error: BanGUIError) -> str | None:
    """Return what is wrong with the history, where it is the history that something is wrong with."""
    from bangui.domain.history_ports import StoreError

    return error.trouble.value if isinstance(error, StoreError) else None
