"""`bangui restore FILE`: what a backup holds, added to the history."""

from __future__ import annotations

import os
from pathlib import Path

from bangui.cli.exit_codes import ExitCode
from bangui.cli.inert import inert
from bangui.cli.json_values import dump
from bangui.cli.numbers import counted_out
from bangui.cli.parts import HistoryCall
from bangui.cli.progress import ProgressBar
from bangui.domain.errors import InvalidInput


def run(call: HistoryCall) -> int:
    """Add a backup to the history, which is made where there is none."""
    source = Path(call.options.file)
    if not os.path.lexists(source):
        raise InvalidInput(f"there is no file {call.options.file}", "give the file that bangui backup has written")
    with (
        call.parts.open_writer(call.options.history, call.options.data, True) as writer,
        ProgressBar(call.errors, "restoring") as progress,
    ):
        events = writer.restore(source, progress)
    if call.options.json:
        call.screen.line(dump({"file": call.options.file, "new_events": events}))
    elif events:
        call.screen.line(f"{counted_out(events, 'event')} from {inert(call.options.file)} added to the history")
    else:
        call.screen.line(f"nothing new in {inert(call.options.file)}: the history holds all of it already")
    return ExitCode.FINE
