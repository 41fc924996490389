"""What the history of a host is read from, and why not from more: for the runtime, and for people to be shown."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SourcePlan:
    """The sources of one host that can be read; the socket is always one.

    `database` and `log` are files, None where that is not read, and then the problem says why. `reads_journal` means
    that the log is in the journal. `was_asked` is False where the daemon did not answer: then these are its usual
    places, and worth another try when it does.
    """

    database: Path | None = None
    database_problem: str | None = None
    log: Path | None = None
    reads_journal: bool = False
    log_problem: str | None = None
    was_asked: bool = True

    @property
    def has_log(self) -> bool:
        """Whether there is a source that tells of failures, and of unbans with their times."""
        return self.log is not None or self.reads_journal

    def in_words(self) -> tuple[str, ...]:
        """Return what is read as a line, and one more for each source that is not."""
        log = "its journal" if self.reads_journal else f"its log ({self.log})" if self.log else None
        database = f"fail2ban's database ({self.database})" if self.database else None
        sources = ", ".join(source for source in (database, log) if source) or "only what fail2ban's socket shows"
        failures = f"from the {'journal' if self.reads_journal else 'log'}" if self.has_log else "not seen"
        lines = [f"history: {sources}; failures: {failures}"]
        if self.database is None:
            lines.append(f"fail2ban's database is not read: {self.database_problem or 'nobody has looked for it'}")
        if not self.has_log:
            lines.append(f"fail2ban's log is not read: {self.log_problem or 'nobody has looked for it'}")
        if not self.was_asked:
            lines.append("fail2ban did not answer: these are the places that it named last, or its usual ones")
        return tuple(lines)


def encode_plan(plan: SourcePlan) -> str:
    """Return where the sources are as text, to be remembered while the daemon can be asked."""
    places = {"database": plan.database, "log": plan.log}
    return json.dumps(
        {name: path and str(path) for name, path in places.items()} | {"journal": plan.reads_journal}, sort_keys=True
    )


def recall_plan(plan: SourcePlan, remembered: str | None) -> SourcePlan:
    """Return a plan made without asking the daemon, with the places that it named when it was asked last."""
    if plan.was_asked or remembered is None:
        return plan
    try:
        known = json.loads(remembered)
        database, log, reads_journal = known["database"], known["log"], bool(known["journal"])
    except (ValueError, KeyError, TypeError):
        return plan
    return replace(
        plan,
        database=Path(database) if isinstance(database, str) else None,
        log=Path(log) if isinstance(log, str) else None,
        reads_journal=reads_journal,
    )
