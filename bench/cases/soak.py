"""A day's worth of commands on one client: what it holds on to is measured along the way."""

from __future__ import annotations

import asyncio
import gc
import itertools
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from aiofail2ban import Fail2BanClient
from bench.budgets import at_most
from bench.jails import add_jail
from bench.setting import Finding, Setting
from bench.work import stopwatch

_BATCH = 1_000
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
_JAIL = "soak"
# The allocator's own slack; a leak of a single small object a command would be a hundred times more.
_ALLOWED_MEBIBYTES = 1
_ALLOWED_OBJECTS = 100
# What a console asks for, over and over.
_READING = (
    ("ping",),
    ("status",),
    ("version",),
    ("status", _JAIL, "short"),
    ("get", _JAIL, "bantime"),
    ("get", _JAIL, "banip", "--with-time"),
)
# Once in a thousand: each of these makes the daemon write into its log.
_RARE = (
    ("set", _JAIL, "banip", "192.0.2.1"),
    ("set", _JAIL, "unbanip", "192.0.2.1"),
    ("get", "no-such-jail", "bantime"),
    ("nonsense",),
)


@dataclass(frozen=True, slots=True)
class Holdings:
    """What a process holds: bytes of memory, Python objects, open descriptors."""

    memory: int
    objects: int
    descriptors: int


async def measure_soak(setting: Setting) -> AsyncIterator[Finding]:
    """Send the commands, a thousand at a time, and compare what is held after a tenth of them with the end."""
    count = setting.effort.soak_commands
    await add_jail(setting.contestants.ours.client, _JAIL)
    early, late, seconds = await _soak(setting.contestants.ours.client, count // _BATCH)
    subject = f"{count:,} commands on one client ({count / seconds:,.0f} a second)"
    grown = (late.memory - early.memory) / 2**20
    yield at_most(f"{subject}: memory added after the first tenth", _ALLOWED_MEBIBYTES, grown, " MiB")
    yield at_most(f"{subject}: objects added", _ALLOWED_OBJECTS, late.objects - early.objects)
    yield at_most(f"{subject}: descriptors added", 0, late.descriptors - early.descriptors)


async def _soak(client: Fail2BanClient, batches: int) -> tuple[Holdings, Holdings, float]:
    """Return the holdings after a tenth of the batches and after all of them, and the seconds that all took."""
    reading = itertools.islice(itertools.cycle(_READING), _BATCH - len(_RARE))
    batch: list[tuple[str, ...]] = [*reading, *_RARE]
    early = _holdings()
    with stopwatch() as watch:
        for number in range(batches):
            await asyncio.gather(*[client.send(command) for command in batch])
            if number == batches // 10:
                early = _holdings()
    return early, _holdings(), watch.seconds


def _holdings() -> Holdings:
    """Return what this process holds now, garbage left out."""
    gc.collect()
    memory = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * _PAGE_BYTES
    return Holdings(memory, len(gc.get_objects()), len(list(Path("/proc/self/fd").iterdir())))
