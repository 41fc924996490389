"""`bangui ping`: does fail2ban answer?"""

from __future__ import annotations

from bangui.cli.exit_codes import ExitCode
from bangui.cli.json_values import dump
from bangui.cli.parts import Call
from bangui.domain.operations import ReadVersion


async def run(call: Call) -> int:
    """Ask for a sign of life; when there is none the error says why."""
    await call.gateway.perform(ReadVersion())
    call.screen.line(dump({"ping": "pong"}) if call.options.json else "pong")
    return ExitCode.FINE
