"""One whole run: a daemon of each chosen version, section by section, told as it goes and written down at the end."""

from __future__ import annotations

import sys
from pathlib import Path

from aiofail2ban.testing import Fail2BanInstallation, Fail2BanInstallationError, Fail2BanProcess
from bench.budgets import Verdict
from bench.contestants import Contestants
from bench.facts import is_machine_busy, machine_facts
from bench.markdown import write_markdown
from bench.measure import Result
from bench.options import Options
from bench.report import as_text, result_table, verdict_table
from bench.sections import SECTIONS
from bench.setting import Finding, Setting

_TREES = Path(__file__).resolve().parent.parent / ".cache" / "fail2ban"


async def run(options: Options) -> int:
    """Measure, print, write, and return the exit status: 1 when a budget is missed."""
    facts = machine_facts()
    print(facts)
    if is_machine_busy():
        print("others keep this machine busy: expect worse numbers than it can give", file=sys.stderr)
    measured: dict[str, list[Finding]] = {}
    for suite in options.suites:
        try:
            installation = Fail2BanInstallation.from_root(_TREES / suite, extra_python_folders=_extra_folders())
        except Fail2BanInstallationError as error:
            print(f"{error}: run script/bootstrap test", file=sys.stderr)
            return 2
        print(f"\n# fail2ban {installation.version} (Debian {suite})")
        measured[f"fail2ban {installation.version} (Debian {suite})"] = await _measure(installation, options)
    if options.markdown is not None:
        write_markdown(options.markdown, f"`{options.command}` on {facts}", measured)
    verdicts = [one for findings in measured.values() for one in findings if isinstance(one, Verdict)]
    return int(not all(verdict.is_met for verdict in verdicts))


def _extra_folders() -> list[Path]:
    return [folder for folder in (_TREES / "_python",) if folder.is_dir()]


async def _measure(installation: Fail2BanInstallation, options: Options) -> list[Finding]:
    findings: list[Finding] = []
    async with Fail2BanProcess(installation) as daemon, Contestants(daemon) as contestants:
        setting = Setting(daemon, contestants, options.effort)
        for section in options.sections:
            async for finding in SECTIONS[section](setting):
                findings.append(finding)
                if isinstance(finding, Result):
                    print(f"\n## {finding.title}\n{as_text(result_table(finding))}", flush=True)
    print(f"\n## Budgets\n{as_text(verdict_table(one for one in findings if isinstance(one, Verdict)))}")
    return findings
