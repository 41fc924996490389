"""How the collecting of the history is going, for whoever wants to know whether to trust it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SourceState:
    """One source. `read_at` (aware, UTC) is when it was last read to its end, None while that has not happened yet.

    `done` of `total`, in units of its own, says how far it is while it is behind. `problem` and `hint` are set while it
    cannot be read.
    """

    name: str
    read_at: datetime | None = None
    done: int = 0
    total: int = 0
    problem: str | None = None
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class CollectorState:
    """The collector of one host. `problem` and `hint` are set while nothing can be recorded."""

    host: str
    sources: tuple[SourceState, ...] = ()
    problem: str | None = None
    hint: str | None = None
    recorded: int = 0
    """Events that were new, since the collector started."""

    @property
    def is_up_to_date(self) -> bool:
        """Whether every source has been read to its end, and nothing is wrong."""
        return not self.problem and all(source.read_at and not source.problem for source in self.sources)
