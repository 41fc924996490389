"""`reload`: the only command that can change a whole configuration, and the only one that can lose it.

The daemon marks the jails, runs the commands of the stream, and deletes every marked jail that the stream did not
`start` again. A stream that cannot end well is refused here.
"""

from __future__ import annotations

from collections.abc import Sequence

from aiofail2ban._command import Command

from ._arguments import check_text
from ._expect import expect_nothing
from .server import STOP_SECONDS, to_stream

ALL_JAILS = "--all"


def reload(
    jail: str, commands: Sequence[Sequence[object]], *, restart: bool, unban: bool, if_exists: bool
) -> Command[None]:
    """`reload J [options] [commands]`, or of all jails with `--all` for a name."""
    check_text(jail, "the jail's name")
    stream = to_stream(commands)
    _check_stream(jail, commands)
    options = [
        option for option, is_set in (("--restart", restart), ("--unban", unban), ("--if-exists", if_exists)) if is_set
    ]
    return Command(("reload", jail, options, stream), expect_nothing, extra_seconds=STOP_SECONDS)


def _check_stream(jail: str, commands: Sequence[Sequence[object]]) -> None:
    """Refuse a stream after which jails would be missing: they lose their bans."""
    added = {command[1] for command in commands if command[0] == "add" and len(command) > 1}
    started = {command[1] for command in commands if command[0] == "start" and len(command) > 1}
    if not added:
        raise ValueError("the stream adds no jail: a reload with it would delete what it reloads")
    if jail not in {ALL_JAILS, *added}:
        raise ValueError(f"the stream does not add {jail!r}: the reload would delete that jail")
    if added - started:
        names = ", ".join(sorted(map(str, added - started)))
        raise ValueError(f"the stream adds but does not start {names}: the reload would delete what it does not start")
