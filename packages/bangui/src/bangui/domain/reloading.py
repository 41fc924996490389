"""What a reload of fail2ban's configuration would do, and what one has done."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReloadPlan:
    """A configuration that was read and tried, and what would become of the jails; names are sorted.

    `removed` are jails that run now and are not in the configuration (any more): their bans would be lifted. `late` are
    jails that are kept and have a new action, which only a restart of fail2ban starts.
    """

    host: str
    kept: tuple[str, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    late: tuple[str, ...] = ()

    @property
    def jails(self) -> tuple[str, ...]:
        """The jails that there would be."""
        return tuple(sorted((*self.kept, *self.added)))


@dataclass(frozen=True, slots=True)
class ReloadOutcome:
    """The jails that there are after a reload, sorted."""

    host: str
    jails: tuple[str, ...]
