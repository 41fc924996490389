"""What a person waits for at the prompt: a whole program from start to end."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from aiofail2ban.testing import Fail2BanProcess
from bench.budgets import at_least
from bench.measure import Case, Entry, measure
from bench.setting import Finding, Setting
from bench.stock_clients import timed_programs
from bench.work import Run

_OURS = "bangui status"
_STOCK = "fail2ban-client status"


async def measure_program_starts(setting: Setting) -> AsyncIterator[Finding]:
    """Measure both programs as they print the status of the same daemon, in the same interpreter."""
    case = _case(setting.daemon, setting.effort.program_starts)
    for entry in case.entries:
        await entry.run()  # compiles what is not compiled yet
    result = await measure(case)
    yield result
    yield at_least("`bangui status`, against `fail2ban-client status`", 1, result, _STOCK)


def _case(daemon: Fail2BanProcess, rounds: int) -> Case:
    ours = [str(Path(sys.executable).with_name("bangui")), "--socket", daemon.socket_path, "status"]
    stock = daemon.client_command("status")
    entries = (
        _entry(_OURS, ours, dict(os.environ)),
        _entry(_STOCK, stock, dict(daemon.installation.environment)),
    )
    return Case("the status at the prompt", entries, rounds)


def _entry(name: str, command: Sequence[str], environment: dict[str, str]) -> Entry:
    async def run() -> Run:
        return await timed_programs([command], environment)

    return Entry(name, run)
