from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest

from aiofail2ban.testing import Fail2BanInstallation

ROOT = Path(__file__).parents[2]


@pytest.mark.daemon
@pytest.mark.slow
async def test_a_short_run_ends_with_its_verdicts_on_the_terminal_and_in_the_file(
    one_installation: Fail2BanInstallation, tmp_path: Path
) -> None:
    page = tmp_path / "benchmarks.md"
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench", "status", "--quick", "--markdown", str(page)), stdout=PIPE, cwd=ROOT
    )
    output, _ = await program.communicate()

    # Whether the budget is met on a machine that runs all these tests is not the point here.
    assert program.returncode in {0, 1}
    assert f"# fail2ban {one_installation.version}" in output.decode()
    assert "fail2ban-client status" in output.decode()
    assert "Made by `script/bench status --quick" in page.read_text(encoding="utf-8")
    assert "| `bangui status`, against `fail2ban-client status` |" in page.read_text(encoding="utf-8")
