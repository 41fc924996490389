"""Writes a run down for the documentation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.budgets import Verdict
from bench.report import as_markdown, finding_table, verdict_table
from bench.setting import Finding

_INTRODUCTION = Path(__file__).with_name("introduction.md")


def write_markdown(path: Path, origin: str, measured: Mapping[str, Sequence[Finding]]) -> None:
    """Write all tables into `path`: what they mean and where they come from, the budgets, then every case."""
    parts = [
        _INTRODUCTION.read_text(encoding="utf-8").rstrip(),
        f"Made by {origin}; each median is over the rounds of one run.",
    ]
    for title, findings in measured.items():
        verdicts = [one for one in findings if isinstance(one, Verdict)]
        parts.append(f"## {title}")
        if verdicts:
            parts += ["### Budgets", as_markdown(verdict_table(verdicts))]
        for result in (one for one in findings if not isinstance(one, Verdict)):
            heading = result.title[0].upper() + result.title[1:]
            parts += [f"### {heading}", as_markdown(finding_table(result))]
    path.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
