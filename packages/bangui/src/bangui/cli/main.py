"""From arguments to an exit status.

Each command lives in a module of its own, imported only when it is asked for.
"""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Mapping, Sequence
from importlib import import_module

from bangui.cli.arguments import parse_arguments
from bangui.cli.complaints import complain
from bangui.cli.exit_codes import ExitCode
from bangui.cli.parts import Call, HistoryCall, Parts
from bangui.cli.screen import make_unbreakable, screen_for
from bangui.domain.errors import BanGUIError, InvalidInput

# Commands that talk to the daemon once, by the module that holds their `run`.
_ONCE = {
    "status": "bangui.cli.status",
    "jails": "bangui.cli.jails",
    "bans": "bangui.cli.bans",
    "ban": "bangui.cli.ban",
    "unban": "bangui.cli.unban",
    "why": "bangui.cli.why",
    "ping": "bangui.cli.ping",
    "version": "bangui.cli.version",
}

# Commands that ask the history and no daemon.
_OF_HISTORY = {
    "history": "bangui.cli.history",
    "top": "bangui.cli.top",
    "stats": "bangui.cli.stats",
    "export": "bangui.cli.export",
    "backup": "bangui.cli.backup",
    "restore": "bangui.cli.restore",
    "collect": "bangui.cli.collect",
}

# Commands about the accounts of the console.
_OF_ACCOUNTS = {"user": "bangui.cli.user", "token": "bangui.cli.token"}


def run(arguments: Sequence[str], parts: Parts, environment: Mapping[str, str]) -> int:
    """Run the command line and return its exit status; no exception gets out but those of programming mistakes."""
    for stream in (sys.stdout, sys.stderr):
        make_unbreakable(stream)
    try:
        code = _run_command(arguments, parts, environment)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        _forget_output()
        return ExitCode.BROKEN_PIPE
    return code


def _run_command(arguments: Sequence[str], parts: Parts, environment: Mapping[str, str]) -> int:
    if arguments and arguments[0] == "__complete":
        return int(import_module("bangui.cli.complete").run(arguments[1:], parts, environment))
    as_json = "--json" in arguments
    try:
        options = parse_arguments(arguments, environment)
        return _dispatch(options, parts, environment)
    except SystemExit as end:  # argparse has printed the help or the version
        return int(end.code or 0)
    except InvalidInput as error:
        mistakes = import_module("bangui.cli.mistakes")
        return complain(sys.stderr, mistakes.explained(error, arguments), as_json=as_json)
    except BanGUIError as error:
        sys.stdout.flush()
        return complain(sys.stderr, error, as_json=as_json)


def _dispatch(options: Namespace, parts: Parts, environment: Mapping[str, str]) -> int:
    if options.command == "serve":
        return parts.serve(options)
    if options.command == "demo":
        return parts.demo(options)
    if options.command == "completion":
        sys.stdout.write(import_module("bangui.cli.completion_scripts").SCRIPTS[options.shell])
        return ExitCode.FINE
    screen = screen_for(sys.stdout, environment, wants_colour=not options.no_color)
    if options.command in _OF_HISTORY:
        with import_module("bangui.cli.history_errors").explaining():
            call = HistoryCall(options, screen, sys.stderr, environment, parts)
            return int(import_module(_OF_HISTORY[options.command]).run(call))
    if options.command in _OF_ACCOUNTS:
        with import_module("bangui.cli.history_errors").explaining():
            accounts = import_module("bangui.cli.accounts_call")
            call = accounts.AccountsCall(
                options, screen, sys.stdin, environment, parts.now(), parts.run_access, parts.ask_password
            )
            return int(import_module(_OF_ACCOUNTS[options.command]).run(call))
    if options.command == "geo":
        geo = import_module("bangui.cli.geo")
        return int(geo.run(geo.GeoCall(options, screen, sys.stdin, environment, parts.geo_tools())))
    if options.command == "watch":
        watch = import_module("bangui.cli.watch")
        return parts.watch(options.socket, options.timeout, watch.follower(options, screen))
    gateway = parts.open_gateway(options.socket, options.timeout)
    one = Call(options, gateway, screen, sys.stderr, sys.stdin, environment, parts)
    return parts.run_once(import_module(_ONCE[options.command]).run(one))


def _forget_output() -> None:
    """Let what is still unwritten go nowhere, so that Python does not complain about it when it exits."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
