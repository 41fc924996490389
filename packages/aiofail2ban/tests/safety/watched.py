"""Runs attacks in a process of its own, which watches what they do to it.

`run_guarded` starts that process, which is this module run as a program.
"""

from __future__ import annotations

import copyreg
import json
import pickle
import resource
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from aiofail2ban._encode import END_MARKER
from packages.aiofail2ban.tests.safety.attacks import KNOWN, LIGHT, is_refused, placed
from packages.aiofail2ban.tests.safety.streams import HEAVY, is_stream_refused

ROOT = Path(__file__).parents[4]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an attack had done to the process it ran in."""

    is_refused: bool
    events: list[str]
    new_modules: list[str]
    megabytes: int
    seconds: float


def run_guarded(name: str) -> Outcome:
    """Run the attack of that name."""
    command = [sys.executable, "-m", __name__, name]
    done = subprocess.run(command, capture_output=True, check=True, timeout=110, cwd=ROOT)
    return Outcome(**json.loads(done.stdout))


def attack(name: str) -> bool:
    if name == "light":
        return all(is_refused(data) for _, body in LIGHT for _, data in placed(body))
    if name == "known":
        return any(is_refused(b"\x80\x04K\x00" + body + b"\x86." + END_MARKER) for body in KNOWN.values())
    if name == "harmless but real":
        pickle.loads(b"cos\nlistdir\n(S'/'\ntR.")
        pickle.loads(b"ccolorsys\nrgb_to_hls\n.")
        return False
    return is_stream_refused(HEAVY[name]())


def run_watched(name: str) -> Outcome:
    copyreg.add_extension("os", "system", 0x42)
    events: list[str] = []
    is_watching = True

    def watch(event: str, args: tuple[object, ...]) -> None:
        if is_watching:
            events.append(event)

    before_modules = set(sys.modules)
    before_kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sys.addaudithook(watch)
    start = time.process_time()
    refused = attack(name)
    seconds = time.process_time() - start
    is_watching = False
    return Outcome(
        is_refused=refused,
        events=sorted(set(events)),
        new_modules=sorted(set(sys.modules) - before_modules),
        megabytes=(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kilobytes) // 1024,
        seconds=seconds,
    )


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(run_watched(sys.argv[1]))))
