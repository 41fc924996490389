"""`bangui backup FILE`: the whole history in one file."""

from __future__ import annotations

import os
from pathlib import Path

from bangui.cli.exit_codes import ExitCode
from bangui.cli.inert import inert
from bangui.cli.json_values import dump
from bangui.cli.numbers import counted_out
from bangui.cli.parts import HistoryCall
from bangui.domain.errors import InvalidInput
from bangui.domain.sizes import size_in_words


def run(call: HistoryCall) -> int:
    """Copy the history, which may be in use, into a file that is not there yet."""
    target = Path(call.options.file)
    if os.path.lexists(target):
        raise InvalidInput(f"{call.options.file} is there already", "a backup goes into a new file")
    if not os.path.lexists(target.parent):
        raise InvalidInput(f"there is no folder {target.parent}", "make it first, or choose another")
    with call.parts.open_writer(call.options.history, call.options.data, False) as writer:
        events = writer.back_up(target)
    size = target.stat().st_size
    if call.options.json:
        call.screen.line(dump({"file": call.options.file, "events": events, "bytes": size}))
    else:
        call.screen.line(
            f"backed up {counted_out(events, 'event')} to {inert(call.options.file)} ({size_in_words(size)})"
        )
    return ExitCode.FINE
