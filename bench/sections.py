"""The sections of a run, in their order; each measures one subject and judges the budgets that belong to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping

from bench.cases.browser import measure_browser
from bench.cases.bulk_bans import measure_bulk_bans
from bench.cases.dashboard import measure_dashboard
from bench.cases.history import measure_history
from bench.cases.pings import measure_pings
from bench.cases.program_starts import measure_program_starts
from bench.cases.replies import measure_replies
from bench.cases.service import measure_service
from bench.cases.soak import measure_soak
from bench.effort import Effort
from bench.setting import Finding, Setting

SECTIONS: Mapping[str, Callable[[Setting], AsyncIterator[Finding]]] = {
    "pings": measure_pings,
    "replies": measure_replies,
    "bulk-bans": measure_bulk_bans,
    "status": measure_program_starts,
    "dashboard": measure_dashboard,
    "service": measure_service,
    "browser": measure_browser,
    "soak": measure_soak,
}

# Sections that need no daemon, so that no version of fail2ban makes a difference.
LONE_SECTIONS: Mapping[str, Callable[[Effort], AsyncIterator[Finding]]] = {"history": measure_history}

ALL_SECTIONS = (*SECTIONS, *LONE_SECTIONS)
