"""What really happened, by the daemon's own log: read here in the plainest way, not with the code that is on trial."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

_LINE = re.compile(r"^(\S+ \S+) fail2ban\.(\w+) +\[\d+\]: (\w+) +(.*)$")
_BAN = re.compile(r"^\[([^]]+)\] Ban (\S+)$")
_UNBAN = re.compile(r"^\[([^]]+)\] Unban (\S+)$")
_RESTORE = re.compile(r"^\[([^]]+)\] Restore Ban (\S+)$")
_FOUND = re.compile(r"^\[([^]]+)\] Found (\S+) - (\S+ \S+)$")

Key = tuple[str, str]


@dataclass(slots=True)
class Truth:
    """How often what happened, by jail and id."""

    bans: Counter[Key] = field(default_factory=Counter)
    unbans: Counter[Key] = field(default_factory=Counter)
    restores: Counter[Key] = field(default_factory=Counter)
    failures: Counter[Key] = field(default_factory=Counter)


def read_truth(*logs: Path) -> Truth:
    """Read all files of a log, the oldest first.

    Unbans are those of the lines; which of them an old fail2ban wrote only because it stopped, the lines do not say.
    """
    truth = Truth()
    for log in logs:
        for line in log.read_text(errors="surrogateescape").splitlines():
            if (parts := _LINE.match(line)) is None:
                continue
            message = parts[4]
            for pattern, counter in (
                (_BAN, truth.bans),
                (_UNBAN, truth.unbans),
                (_RESTORE, truth.restores),
                (_FOUND, truth.failures),
            ):
                if found := pattern.match(message):
                    counter[found[1], found[2]] += 1
    return truth
