"""`bangui version`: which fail2ban is this, and which BanGUI?"""

from __future__ import annotations

from bangui import __version__
from bangui.cli.exit_codes import ExitCode
from bangui.cli.inert import inert
from bangui.cli.json_values import dump
from bangui.cli.parts import Call
from bangui.domain.operations import ReadVersion


async def run(call: Call) -> int:
    """Show both versions."""
    version = await call.gateway.perform(ReadVersion())
    if call.options.json:
        call.screen.line(dump({"bangui": __version__, "fail2ban": version}))
    else:
        call.screen.line(f"bangui   {__version__}")
        call.screen.line(f"fail2ban {inert(version)}")
    return ExitCode.FINE
