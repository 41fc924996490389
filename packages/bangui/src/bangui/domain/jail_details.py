"""Everything that the daemon tells about one jail.

Whoever wrote the configuration is trusted, but names, paths and expressions are shown as carefully as any other text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bangui.domain.jails import JailCounters, JailRule
from bangui.domain.setting_values import SettingValue


@dataclass(frozen=True, slots=True)
class JailFilter:
    """What a jail takes for a failure: expressions, with tags such as `<HOST>` expanded."""

    prefix: str
    failures: tuple[str, ...]
    ignored: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class JailDetails:
    """One jail.

    `backend` is how it reads (`polling`, `pyinotify`, `systemd`), None where this fail2ban does not tell it. It reads
    log files or what `journal_matches` select. `values` are its settings by name; those that this fail2ban does not
    know, or does not tell in a way that makes sense, are missing. `actions` are names, in the order of their running.
    """

    rule: JailRule
    counters: JailCounters
    backend: str | None
    log_paths: tuple[str, ...]
    journal_matches: tuple[str, ...]
    filter: JailFilter
    values: Mapping[str, SettingValue]
    actions: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name of the jail."""
        return self.counters.name


@dataclass(frozen=True, slots=True)
class ActionDetails:
    """What an action of a jail runs: shell commands by the names of their properties (`actionban`), without empty ones.

    The commands can hold passwords and keys, and are not for everybody's eyes. An action in Python has none. `timeout`
    is in seconds, None where it has none.
    """

    name: str
    commands: tuple[tuple[str, str], ...]
    timeout: float | None
