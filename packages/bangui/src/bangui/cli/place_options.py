"""Where the history is: options of every command that may use it, also of those that do well without one.

Those must not wait for what a history needs, so nothing here imports any of it. What the options default to is filled
in after parsing (`complete_place`), because it comes from the environment, and from one option to another.
"""

from __future__ import annotations

import os
import re
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Mapping

from bangui.domain.errors import InvalidInput

DEFAULT_DATA = "/var/lib/bangui"
HISTORY_FILE = "history.sqlite3"
HOW_TO_GET_ONE = "make one with: sudo bangui collect --once, and keep it up with: sudo bangui serve"

# USER:PASSWORD@ in a URL, or a password among its parameters.
_PASSWORD = re.compile(r"://[^/@]*:[^/@]*@|[?&]password=", re.IGNORECASE)


def complete_place(options: Namespace, environment: Mapping[str, str]) -> None:
    """Fill in where the data and the history are, where the command line does not say."""
    options.data, options.history = place_of(options.history, options.data, environment)
    if os.path.lexists(f"{options.history}/."):
        raise InvalidInput(f"{options.history} is a folder", f"name the file in it, or say --data {options.history}")


def place_of(history: str | None, data: str | None, environment: Mapping[str, str]) -> tuple[str, str]:
    """Return the folder of the data and the place of the history, given what the command line says about them."""
    data = data or environment.get("BANGUI_DATA") or DEFAULT_DATA
    return data, history or environment.get("BANGUI_HISTORY") or f"{data}/{HISTORY_FILE}"


def may_be_there(place: str) -> bool:
    """Whether it is worth opening a history there: a database server answers for itself, a file must exist.

    Whoever does well without a history is spared a tenth of a second, which is what opening one takes to import.
    """
    return "://" in place or os.path.lexists(place)


def place_options(parser: ArgumentParser) -> None:
    """Add where the history is."""
    group = parser.add_argument_group("where the history is")
    group.add_argument(
        "--history",
        metavar="PLACE",
        type=_place,
        help="a file, or a postgresql:// URL (default: $BANGUI_HISTORY or history.sqlite3 among the data)",
    )
    group.add_argument("--data", metavar="FOLDER", help=f"BanGUI's data (default: $BANGUI_DATA or {DEFAULT_DATA})")


def why_options(parser: ArgumentParser) -> None:
    """Add the options of `why`."""
    parser.add_argument("id", metavar="IP", help="an address, a network, or any banned text")
    parser.add_argument("--all", action="store_true", help="every ban that ever was, with every log line")
    place_options(parser)


def note_options(parser: ArgumentParser) -> None:
    """Add the options of `ban` that are about the history."""
    parser.add_argument("--reason", metavar="TEXT", help="why, for the history to remember")
    place_options(parser)


def _place(text: str) -> str:
    if _PASSWORD.search(text):
        raise ArgumentTypeError(
            "everybody on this machine can read a password on a command line: put the URL into $BANGUI_HISTORY"
        )
    return text
