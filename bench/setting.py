"""What every section gets: one daemon, everybody who talks to it, and how much to measure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from aiofail2ban.testing import Fail2BanProcess
from bench.budgets import Verdict
from bench.contestants import Contestants
from bench.effort import Effort
from bench.measure import Result
from bench.timings import Timings

Finding: TypeAlias = Result | Timings | Verdict


@dataclass(frozen=True, slots=True)
class Setting:
    """One daemon of one version, freshly started."""

    daemon: Fail2BanProcess
    contestants: Contestants
    effort: Effort
