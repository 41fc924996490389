"""fail2ban's configuration as fail2ban itself reads it: the complete stream of commands for its daemon.

Its own reader checks the files first (`-t`), and then prints one command a line (`-d`). What the reader could not make
sense of comes as a `config-error` in the stream, with which no reload may be made.
"""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Sequence

from bangui.adapters.f2b_programs import Fail2BanPrograms
from bangui.domain.errors import OperationRefused
from bangui.domain.phrases import Phrase, phrase

Stream = tuple[tuple[object, ...], ...]

_SECONDS = 60.0
_LARGEST = 32 << 20
_LAST_LINES = 10
_NOTHING_CHANGED = phrase("nothing was changed: correct fail2ban's configuration first")


def read_stream(programs: Fail2BanPrograms) -> Stream:
    """Return the commands of the configuration; blocks, and raises `OperationRefused` where it has mistakes."""
    _run(programs, "-t")
    return parse_stream(_run(programs, "-d"))


def parse_stream(text: str) -> Stream:
    """Return the commands that were printed; lines that are none are warnings."""
    stream = tuple(_command(line) for line in text.splitlines() if line.startswith("['"))
    mistakes = [str(command[-1]) for command in stream if command[0] == "config-error"]
    if mistakes:
        raise _refused(phrase("fail2ban's configuration has mistakes"), mistakes)
    if not stream:
        raise _refused(phrase("fail2ban's reader of the configuration printed no commands"), text.splitlines())
    return stream


def jails_of(stream: Stream) -> tuple[str, ...]:
    """Return the jails that a stream adds and starts, sorted; raise `OperationRefused` where these differ."""
    added = {str(command[1]) for command in stream if command[0] == "add" and len(command) > 1}
    started = {str(command[1]) for command in stream if command[0] == "start" and len(command) > 1}
    if added != started:
        raise _refused(phrase("the configuration has jails that would not start"), sorted(added ^ started))
    return tuple(sorted(added))


def actions_of(stream: Stream) -> dict[str, dict[str, bool]]:
    """Return for each jail the names of its actions, and which of them are in Python."""
    actions: dict[str, dict[str, bool]] = {}
    for command in stream:
        if command[0] == "set" and command[2:3] == ("addaction",) and len(command) > 3:
            actions.setdefault(str(command[1]), {})[str(command[3])] = len(command) > 4
    return actions


def value_of(stream: Stream, name: str) -> object:
    """Return what a stream sets a setting of the whole daemon to; None where it does not."""
    return next((command[2] for command in stream if command[:2] == ("set", name) and len(command) > 2), None)


def _command(line: str) -> tuple[object, ...]:
    try:
        words = ast.literal_eval(line)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        raise _refused(phrase("a line of fail2ban's reader cannot be read"), [line[:500]]) from None
    if not isinstance(words, list) or not words:
        raise _refused(phrase("a line of fail2ban's reader cannot be read"), [line[:500]])
    return tuple(words)


def _run(programs: Fail2BanPrograms, option: str) -> str:
    try:
        done = subprocess.run(
            [*programs.client, option],
            env=dict(programs.environment),
            cwd=programs.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _refused(phrase("fail2ban-client cannot be run"), [str(error)]) from error
    output = done.stdout[:_LARGEST].decode("utf-8", "replace")
    if done.returncode != 0 or len(done.stdout) > _LARGEST:
        lines = (output + done.stderr[:_LARGEST].decode("utf-8", "replace")).splitlines()
        raise _refused(phrase("fail2ban's configuration has mistakes"), lines)
    return output


def _refused(what: Phrase, lines: Sequence[str]) -> OperationRefused:
    return OperationRefused(what, _NOTHING_CHANGED, detail="\n".join(lines[-_LAST_LINES:]))
