"""`bangui collect`: record what fail2ban does, without a page."""

from __future__ import annotations

from bangui.cli.complaints import in_one_line
from bangui.cli.exit_codes import ExitCode
from bangui.cli.inert import inert
from bangui.cli.json_values import dump, time_value
from bangui.cli.numbers import counted_out
from bangui.cli.parts import HistoryCall
from bangui.cli.progress import ProgressBar
from bangui.domain.collection import CollectorState, SourceState


def run(call: HistoryCall) -> int:
    """Collect until interrupted, or once; then the exit status is 1 when something could not be read or recorded."""
    if not call.options.once and call.screen.is_terminal:
        place = "PostgreSQL" if "://" in call.options.history else inert(call.options.history)
        call.screen.prose(f"recording what fail2ban does in {place}; Ctrl-C ends it")
        call.screen.flush()
    with ProgressBar(call.errors, "recording what fail2ban knows") as progress:
        state = call.parts.collect(call.options, progress)
    if not call.options.once:
        return ExitCode.FINE
    if call.options.json:
        call.screen.line(dump(_as_json(state)))
    else:
        _tell(call, state)
    return ExitCode.FINE if state.is_up_to_date else ExitCode.NOTHING_DONE


def _tell(call: HistoryCall, state: CollectorState) -> None:
    call.screen.line(f"{counted_out(state.recorded, 'new event')} recorded")
    for source in state.sources:
        if source.problem:
            call.errors.write(f"bangui: {in_one_line(f'the {source.name}: {source.problem}', source.hint)}\n")
        else:
            call.screen.line(f"  {inert(source.name)}: read to its end")
    if state.problem:
        call.errors.write(f"bangui: {in_one_line(state.problem, state.hint)}\n")


def _as_json(state: CollectorState) -> dict[str, object]:
    return {
        "host": state.host,
        "recorded": state.recorded,
        "problem": state.problem,
        "hint": state.hint,
        "sources": [_source_value(source) for source in state.sources],
    }


def _source_value(source: SourceState) -> dict[str, object]:
    return {
        "name": source.name,
        "read_at": time_value(source.read_at),
        "problem": source.problem,
        "hint": source.hint,
    }
