"""What is measured, as plain values: a piece of work for any contestant, and what it took."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Work:
    """`count` times the same command, one after another or all at once."""

    command: tuple[str, ...]
    count: int = 1
    at_once: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """One run of one piece of work.

    `seconds` is the time on the wall from the first request to the last complete reply, `cpu_seconds` what the
    client's own process spent on it, `failed` how many commands were not carried out.
    """

    seconds: float
    cpu_seconds: float
    failed: int = 0


class Contestant(Protocol):
    """One way to talk to a daemon."""

    @property
    def name(self) -> str:
        """How the tables call it."""
        ...

    async def run(self, work: Work) -> Run:
        """Carry out `work`."""
        ...

    async def aclose(self) -> None:
        """Let go of connections, threads and processes."""
        ...


class Stopwatch:
    """Times what happens inside its `with` block, on the wall and on this process's processors."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.cpu_seconds = 0.0

    def read(self, failed: int = 0) -> Run:
        """Return what was measured."""
        return Run(self.seconds, self.cpu_seconds, failed)


@contextmanager
def stopwatch() -> Iterator[Stopwatch]:
    """Return a watch that runs while the `with` block does; read it afterwards."""
    watch = Stopwatch()
    cpu, wall = time.process_time(), time.perf_counter()
    yield watch
    watch.seconds = time.perf_counter() - wall
    watch.cpu_seconds = time.process_time() - cpu
