"""One whole run: a daemon of each chosen version, section by section, told as it goes and written down at the end."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from aiofail2ban.testing import Fail2BanInstallation, Fail2BanInstallationError, Fail2BanProcess
from bench.budgets import Verdict
from bench.contestants import Contestants
from bench.effort import Effort
from bench.facts import is_machine_busy, machine_facts
from bench.markdown import write_markdown
from bench.options import Options
from bench.report import as_text, finding_table, verdict_table
from bench.sections import LONE_SECTIONS, SECTIONS
from bench.setting import Finding, Setting

_TREES = Path(__file__).resolve().parent.parent / ".cache" / "fail2ban"


async def run(options: Options) -> int:
    """Measure, print, write, and return the exit status: 1 when a budget is missed."""
    facts = machine_facts()
    print(facts)
    if is_machine_busy():
        print("others keep this machine busy: expect worse numbers than it can give", file=sys.stderr)
    measured: dict[str, list[Finding]] = {}
    with_daemon = [section for section in options.sections if section in SECTIONS]
    for suite in options.suites if with_daemon else ():
        try:
            installation = Fail2BanInstallation.from_root(_TREES / suite, extra_python_folders=_extra_folders())
        except Fail2BanInstallationError as error:
            print(f"{error}: run script/bootstrap test", file=sys.stderr)
            return 2
        title = f"fail2ban {installation.version} (Debian {suite})"
        print(f"\n# {title}")
        measured[title] = await _measure(installation, with_daemon, options.effort)
    for section in options.sections:
        if section in LONE_SECTIONS:
            title = f"the {section}"
            print(f"\n# {title}")
            measured[title] = await _tell(LONE_SECTIONS[section](options.effort))
    if options.markdown is not None:
        write_markdown(options.markdown, f"`{options.command}` on {facts}", measured)
    verdicts = [one for findings in measured.values() for one in findings if isinstance(one, Verdict)]
    return int(not all(verdict.is_met for verdict in verdicts))


def _extra_folders() -> list[Path]:
    return [folder for folder in (_TREES / "_python",) if folder.is_dir()]


async def _measure(installation: Fail2BanInstallation, sections: Sequence[str], effort: Effort) -> list[Finding]:
    async with Fail2BanProcess(installation) as daemon, Contestants(daemon) as contestants:
        setting = Setting(daemon, contestants, effort)
        return await _tell(*(SECTIONS[section](setting) for section in sections))


async def _tell(*sections: AsyncIterator[Finding]) -> list[Finding]:
    """Measure section by section, print what comes, and return it all."""
    findings: list[Finding] = []
    for section in sections:
        async for finding in section:
            findings.append(finding)
            if not isinstance(finding, Verdict):
                print(f"\n## {finding.title}\n{as_text(finding_table(finding))}", flush=True)
    print(f"\n## Budgets\n{as_text(verdict_table(one for one in findings if isinstance(one, Verdict)))}")
    return findings
