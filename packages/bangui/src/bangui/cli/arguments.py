"""The commands, their options, and the help that teaches them.

The options that every command has (`--socket`, `--json`, ...) may stand before and after the command's name.
"""

from __future__ import annotations

import os
from argparse import SUPPRESS, Action, ArgumentParser, ArgumentTypeError, Namespace, RawDescriptionHelpFormatter
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any, NamedTuple, NoReturn

from bangui import __version__
from bangui.cli import help_texts
from bangui.domain.errors import InvalidInput

DEFAULT_SOCKET = "/var/run/fail2ban/fail2ban.sock"
DEFAULT_TIMEOUT = 5.0
DEFAULT_PORT = 8080


class _Formatter(RawDescriptionHelpFormatter):
    """Measures the terminal by itself: argparse would import shutil for that, at 3 ms, also when no help is shown."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=max(40, min(_terminal_width(), 100) - 2))


def _terminal_width() -> int:
    try:
        return int(os.environ.get("COLUMNS", "")) or os.get_terminal_size().columns
    except (ValueError, OSError):
        return 80


class Parser(ArgumentParser):
    """A parser that takes no abbreviations, keeps the line breaks of its help, and raises what is wrong."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**{"allow_abbrev": False, "formatter_class": _Formatter, **settings})

    def error(self, message: str) -> NoReturn:
        """Raise what argparse would print over several lines."""
        raise InvalidInput(message, f"see {self.prog} --help")


class Command(NamedTuple):
    """One command: a line for the list, a text for its own help, and the options that only it has."""

    summary: str
    epilog: str
    add_options: Callable[[ArgumentParser], object]


def parse_arguments(arguments: Sequence[str], environment: Mapping[str, str]) -> Namespace:
    """Return the options, with the command's name in `command`; raise `InvalidInput` when they make no sense.

    `--help` and `--version` print and raise `SystemExit`.
    """
    # A short command need not wait for the parsers of all others to be built.
    word = _command_word(arguments)
    options = _build_parser(environment, [word] if word in COMMANDS else list(COMMANDS)).parse_args(arguments)
    if options.command is None:
        raise InvalidInput("which command?", "see bangui --help")
    if hasattr(options, "history"):
        _place_options().complete_place(options, environment)
    if hasattr(options, "keep"):
        _history_options().complete_retention(options, environment)
    return options


def _command_word(arguments: Sequence[str]) -> str:
    """Return the first word that is neither an option nor an option's value; empty where help is asked for first."""
    words = iter(arguments)
    for word in words:
        if word in {"-h", "--help"}:
            return ""
        if word in {"--socket", "--timeout"}:
            next(words, None)
        elif not word.startswith("-"):
            return word
    return ""


def build_parser(environment: Mapping[str, str]) -> Parser:
    """Return the parser with every command in it."""
    return _build_parser(environment, list(COMMANDS))


def _build_parser(environment: Mapping[str, str], names: Sequence[str]) -> Parser:
    parser = Parser(prog="bangui", description=help_texts.DESCRIPTION, epilog=help_texts.EPILOG, add_help=False)
    parser.add_argument("-h", "--help", action="help", help="show this help and exit")
    parser.add_argument("--version", action="version", version=f"bangui {__version__}", help="show BanGUI's version")
    _add_common_options(parser, environment.get("BANGUI_SOCKET") or DEFAULT_SOCKET)
    commands = parser.add_subparsers(
        prog="bangui", dest="command", metavar="COMMAND", title="commands", parser_class=Parser
    )
    for name in names:
        command = COMMANDS[name]
        sub = commands.add_parser(
            name, help=command.summary, description=f"{command.summary}.", epilog=command.epilog, add_help=False
        )
        sub.add_argument("-h", "--help", action="help", help="show this help and exit")
        command.add_options(sub)
        _add_common_options(sub, None)
    return parser


def _add_common_options(parser: ArgumentParser, socket: str | None) -> None:
    """Add the options of every command; without a socket none of them gets a default that hides an earlier one."""

    def default(value: object) -> object:
        return SUPPRESS if socket is None else value

    group = parser.add_argument_group("options of every command")
    group.add_argument(
        "--socket",
        metavar="PATH",
        default=default(socket),
        help=f"fail2ban's socket (default: $BANGUI_SOCKET or {DEFAULT_SOCKET})",
    )
    group.add_argument("--json", action="store_true", default=default(False), help="answer in JSON")
    group.add_argument("--no-color", action="store_true", default=default(False), help="no colours, as with $NO_COLOR")
    group.add_argument(
        "--timeout",
        metavar="SECONDS",
        type=_seconds,
        default=default(DEFAULT_TIMEOUT),
        help=f"how long to wait for an answer (default: {DEFAULT_TIMEOUT:g})",
    )


def actions_of(command: str) -> list[Action]:
    """Return the arguments and options that a command takes; those before any command where it is none."""
    parser = Parser(add_help=False)
    parser.add_argument("-h", "--help", action="help", help="show this help and exit")
    if command in COMMANDS:
        COMMANDS[command].add_options(parser)
    else:
        parser.add_argument("--version", action="version", help="show BanGUI's version")
    _add_common_options(parser, DEFAULT_SOCKET)
    return parser._actions


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 < seconds < 86_400:
        raise ArgumentTypeError(f"expected seconds, such as 5 or 0.5, not {text!r}")
    return seconds


def _port(text: str) -> int:
    if text.isdecimal() and int(text) < 65_536:
        return int(text)
    raise ArgumentTypeError(f"expected a port between 0 and 65535, not {text!r}")


def _history_options() -> Any:
    """Import what only commands of the history need."""
    return import_module("bangui.cli.history_options")


def _place_options() -> Any:
    """Import what commands need that may use a history."""
    return import_module("bangui.cli.place_options")


def _why_options(parser: ArgumentParser) -> None:
    _place_options().why_options(parser)


def _of_history(name: str) -> Callable[[ArgumentParser], object]:
    """Return what adds the options, and the text below them, of a command of the history."""

    def add_options(parser: ArgumentParser) -> None:
        getattr(_history_options(), f"{name}_options")(parser)

    return add_options


def _geo_options(parser: ArgumentParser) -> None:
    geo = import_module("bangui.cli.geo")
    parser.epilog = geo.EPILOG
    geo.add_options(parser, lambda action: _add_common_options(action, None))


def _of_accounts(name: str) -> Callable[[ArgumentParser], object]:
    """Return what adds the actions of a command about accounts."""

    def add_options(parser: ArgumentParser) -> None:
        options = import_module("bangui.cli.accounts_options")
        getattr(options, f"{name}_options")(parser, lambda action: _add_common_options(action, None))

    return add_options


def _none(parser: ArgumentParser) -> None:
    """Add nothing: the command has no options of its own."""


def _optional_jail(parser: ArgumentParser) -> None:
    parser.add_argument("jail", metavar="JAIL", nargs="?", help="only this jail")


def _ban_options(parser: ArgumentParser) -> None:
    parser.add_argument("jail", metavar="JAIL", help="the jail to ban in; it decides for how long")
    parser.add_argument("ids", metavar="IP", nargs="+", help="addresses or networks; - reads them from standard input")
    parser.add_argument("--force", action="store_true", help="ban also what would hurt you, such as your own address")
    parser.add_argument("--any-id", action="store_true", help="ban texts that are no addresses as they stand")
    parser.add_argument(
        "--for",
        dest="duration",
        metavar="DURATION",
        help="a duration of its own, such as 2h or 1w, kept to by bangui serve",
    )
    _place_options().note_options(parser)


def _unban_options(parser: ArgumentParser) -> None:
    parser.add_argument("ids", metavar="IP", nargs="+", help="addresses or networks; - reads them from standard input")
    parser.add_argument("--jail", metavar="JAIL", help="only in this jail (default: everywhere)")


def _serve_options(parser: ArgumentParser) -> None:
    parser.add_argument("--host", metavar="ADDRESS", default="127.0.0.1", help="loopback only (default: 127.0.0.1)")
    _page_options(parser)
    import_module("bangui.cli.proxy_options").proxy_options(parser)
    _history_options().retention_options(parser)


def _demo_options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--fail2ban",
        metavar="ROOT",
        help="folder of an unpacked fail2ban package to run (default: $BANGUI_FAIL2BAN, else the installed one)",
    )
    _page_options(parser)
    # It keeps a history as `serve` does, in its own folder.
    parser.set_defaults(history=None, data=None, keep=None, keep_failures=None, keep_size=None)


def _page_options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--port", metavar="PORT", type=_port, default=DEFAULT_PORT, help=f"default: {DEFAULT_PORT}; 0 takes a free one"
    )
    parser.add_argument("--verbose", action="store_true", help="log what happens, not only what goes wrong")


def _shell(parser: ArgumentParser) -> None:
    parser.add_argument("shell", metavar="SHELL", choices=("bash", "zsh", "fish"), help="bash, zsh or fish")


COMMANDS: Mapping[str, Command] = {
    "status": Command("Show whether fail2ban runs, and what its jails count", help_texts.STATUS, _none),
    "jails": Command("Show the jails and when each of them bans", help_texts.JAILS, _none),
    "bans": Command("Show who is banned now, newest first", help_texts.BANS, _optional_jail),
    "ban": Command("Ban addresses in a jail", help_texts.BAN, _ban_options),
    "unban": Command("Unban addresses everywhere, or in one jail", help_texts.UNBAN, _unban_options),
    "why": Command("Explain why an address is banned, or why not", help_texts.WHY, _why_options),
    "history": Command("Show what happened, newest first", "", _of_history("history")),
    "top": Command("Show who was banned most often", "", _of_history("top")),
    "stats": Command("Show how much happened, compared with before", "", _of_history("stats")),
    "export": Command("Write events or addresses for other programs", "", _of_history("export")),
    "watch": Command("Follow bans and unbans as they happen", help_texts.WATCH, _none),
    "ping": Command("Ask whether fail2ban answers", help_texts.PING, _none),
    "version": Command("Show the versions of fail2ban and of BanGUI", help_texts.VERSION, _none),
    "serve": Command("Serve the page on this machine", help_texts.SERVE, _serve_options),
    "collect": Command("Record what fail2ban does, without a page", "", _of_history("collect")),
    "backup": Command("Copy the whole history into one file", "", _of_history("backup")),
    "restore": Command("Add a backup to the history", "", _of_history("restore")),
    "geo": Command("Show and renew the data about where addresses are", "", _geo_options),
    "user": Command("Manage the accounts of the console", "", _of_accounts("user")),
    "token": Command("Manage the tokens of programs", "", _of_accounts("token")),
    "demo": Command("Try BanGUI with a private fail2ban and made-up attacks", help_texts.DEMO, _demo_options),
    "completion": Command("Print the completion script for a shell", help_texts.COMPLETION, _shell),
}
