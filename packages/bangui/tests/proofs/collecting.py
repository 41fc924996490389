"""A collector as a process of its own, which can be killed, and the history that it has written."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from aiofail2ban.testing import Fail2BanProcess

BANGUI = (sys.executable, "-m", "bangui")
UNSURE_SECONDS = 6
"""Whether an unban ends a ban or only suspends it shows in what follows, or in that nothing follows for so long."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One event as `bangui export` writes it."""

    kind: str
    jail: str
    id: str
    time: str
    origin: str


class Collecting:
    """The program `bangui`, run for one daemon and one history; `prefix` is a program to run it with."""

    def __init__(
        self, daemon: Fail2BanProcess, data: Path, history: str | None = None, prefix: Sequence[str] = ()
    ) -> None:
        self._command = (*prefix, *BANGUI)
        self._environment = {
            **os.environ,
            "BANGUI_DATA": str(data),
            "BANGUI_HISTORY": history or str(data / "history.sqlite3"),
            "BANGUI_SOCKET": daemon.socket_path,
        }

    def start(self) -> subprocess.Popen[bytes]:
        """Start a collector that goes on until it is killed."""
        return subprocess.Popen(
            [*self._command, "collect", "--json"],
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def catch_up(self) -> None:
        """Read all that there is to read."""
        done = self.run("collect", "--once", "--json")
        assert done.returncode == 0, (done.stdout, done.stderr)

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            [*self._command, *words], env=self._environment, capture_output=True, text=True, timeout=110, check=False
        )

    def events(self, *kinds: str) -> list[Kept]:
        """Return the events of these kinds, of all kinds without any."""
        done = self.run("export", "--format", "jsonl", *(word for kind in kinds for word in ("--kind", kind)))
        assert done.returncode == 0, done.stderr
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        return [Kept(row["kind"], row["jail"], row["id"], row["time"], row["origin"]) for row in rows]


def stop(process: subprocess.Popen[bytes]) -> None:
    """Kill a collector, and close what it wrote to."""
    process.kill()
    process.communicate(timeout=30)


def counted(events: Sequence[Kept]) -> Counter[tuple[str, str]]:
    """Return how often each id occurs in each jail."""
    return Counter((event.jail, event.id) for event in events)
