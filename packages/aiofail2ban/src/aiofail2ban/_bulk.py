"""Long lists of ids, sent in slices.

The daemon serves one command at a time and runs its ban actions meanwhile, so a single command with a thousand ids
would keep everybody waiting for seconds or minutes. Between two slices others get their turn.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from ._capabilities import Executor, Feature
from ._command import Command
from .errors import Fail2BanError

# With an ordinary shell action a slice takes the daemon a fifth of a second.
IDS_PER_COMMAND = 25

Progress: TypeAlias = Callable[[int, int], None]
"""Called with the number of ids that are through, and the number of all, after each command."""


async def run_in_slices(
    ids: tuple[str, ...],
    run: Callable[[tuple[str, ...]], Awaitable[int]],
    on_progress: Progress | None = None,
) -> int:
    """Await `run` for one slice of `ids` after the other, and return the sum of what it returns.

    What interrupts it says in its `hint` how many ids were through before.
    """
    total = 0
    for start in range(0, len(ids), IDS_PER_COMMAND):
        try:
            total += await run(ids[start : start + IDS_PER_COMMAND])
        except Fail2BanError as error:
            if len(ids) > 1:
                error.hint = f"{start} of {len(ids)} ids were through before, and changed {total}. {error.hint}".strip()
            raise
        if on_progress is not None:
            on_progress(min(start + IDS_PER_COMMAND, len(ids)), len(ids))
    return total


async def run_slice(
    executor: Executor, ids: tuple[str, ...], command: Callable[[tuple[str, ...]], Command[int | None]]
) -> int:
    """Run `command` for all `ids` at once, or for one after the other where the daemon takes only one."""
    total = 0
    if len(ids) > 1 and not executor.capabilities.lack(Feature.MANY_IDS):
        count = await executor.execute(command(ids))
        if count is not None:
            return count
        executor.capabilities.note_missing(Feature.MANY_IDS)
        total, ids = 1, ids[1:]
    for id in ids:
        count = await executor.execute(command((id,)))
        total += 1 if count is None else count
    return total
