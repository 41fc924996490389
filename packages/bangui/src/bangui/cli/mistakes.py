"""Mistakes on the command line, explained shorter and better than argparse does, with what was probably meant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from bangui.cli.arguments import COMMANDS, actions_of
from bangui.domain.errors import InvalidInput


def explained(error: InvalidInput, arguments: Sequence[str]) -> InvalidInput:
    """Return an error that says more where this one says little, else this one."""
    unrecognized = error.message.startswith("unrecognized arguments")
    if not unrecognized and "COMMAND: invalid choice" not in error.message and not _begins_with_option(arguments):
        return error
    command = next((word for word in arguments if word in COMMANDS), "")
    if stray := _unknown_option(_before(command, arguments), ""):
        hint = _meant(stray, "") or "options of a command stand after it"
        return InvalidInput(f"{stray} is no option of bangui itself", hint)
    if not command:
        return _unknown_command(error, arguments)
    option = _unknown_option(arguments, command) if unrecognized else None
    if option is None:
        return error
    hint = _meant(option, command) or f"see bangui {command} --help"
    return InvalidInput(f"bangui {command} has no option {option}", hint)


def _begins_with_option(arguments: Sequence[str]) -> bool:
    return bool(arguments) and arguments[0].startswith("--")


def _unknown_command(error: InvalidInput, arguments: Sequence[str]) -> InvalidInput:
    word = next((argument for argument in arguments if not argument.startswith("-")), None)
    if word is None:
        return error
    close = " or ".join(repr(name) for name in get_close_matches(word, COMMANDS, n=2, cutoff=0.7))
    return InvalidInput(f"there is no command {word!r}", f"did you mean {close}?" if close else "see bangui --help")


def _before(command: str, arguments: Sequence[str]) -> Sequence[str]:
    return arguments[: arguments.index(command)] if command else arguments


def _unknown_option(words: Iterable[str], command: str) -> str | None:
    known = _options(command)
    options = (word.partition("=")[0] for word in words if word.startswith("--") and word != "--")
    return next((option for option in options if option not in known), None)


def _meant(option: str, command: str) -> str:
    names = [name for name in _options(command) if name.startswith("--")]
    close = get_close_matches(option, names, n=1, cutoff=0.75)
    return f"did you mean {close[0]}?" if close else ""


def _options(command: str) -> set[str]:
    return {name for action in actions_of(command) for name in action.option_strings}
