"""The words of `bangui user` and `bangui token`: their actions and what each of them takes."""

from __future__ import annotations

from argparse import SUPPRESS, ArgumentParser
from collections.abc import Callable, Mapping

from bangui.cli.place_options import place_options

FOR_PEOPLE = """\
Whoever may write the database that the accounts are in may use this command; it asks for no login.
A password is asked for, or read from standard input with --password-stdin, and never stands on the command line.

examples:
  sudo bangui user add ada --role admin
  echo "$PASSWORD" | sudo bangui user add ci --role viewer --password-stdin
  sudo bangui user add bob --no-password      for a proxy that vouches for bob
  sudo bangui user password ada               she has forgotten it; ends her sessions
  sudo bangui user codes-off ada              her phone is lost
  sudo bangui user forgive 203.0.113.7        nobody there has to wait any more
"""

FOR_PROGRAMS = """\
What programs show instead of a password, as Authorization: Bearer TOKEN. A token is shown once, when it is made.

scopes:
  read          see everything
  ban           ban and unban as well
  configure     jails, allow lists and the log
  administer    accounts, sessions, tokens and the audit trail

examples:
  sudo bangui token add ada --name backup --scope read --for 90d
  sudo bangui token list
  sudo bangui token remove bgt_k3f7
"""

AddOptions = Callable[[ArgumentParser], None]


def user_options(parser: ArgumentParser, add_common: Callable[[ArgumentParser], object]) -> None:
    """Add the actions of `user`."""
    parser.epilog = FOR_PEOPLE
    _add_actions(parser, add_common, _USER_ACTIONS)


def token_options(parser: ArgumentParser, add_common: Callable[[ArgumentParser], object]) -> None:
    """Add the actions of `token`."""
    parser.epilog = FOR_PROGRAMS
    _add_actions(parser, add_common, _TOKEN_ACTIONS)


def _add_actions(
    parser: ArgumentParser,
    add_common: Callable[[ArgumentParser], object],
    actions: Mapping[str, tuple[str, AddOptions]],
) -> None:
    place_options(parser)
    subparsers = parser.add_subparsers(
        prog=parser.prog, dest="action", metavar="ACTION", title="actions", parser_class=type(parser)
    )
    parser.set_defaults(action="list")
    for name, (summary, add_options) in actions.items():
        action = subparsers.add_parser(name, help=summary, description=f"{summary}.", add_help=False)
        action.add_argument("-h", "--help", action="help", help="show this help and exit")
        add_options(action)
        # What was said before the action holds, unless it is said again.
        action.add_argument("--history", metavar="PLACE", default=SUPPRESS, help=SUPPRESS)
        action.add_argument("--data", metavar="FOLDER", default=SUPPRESS, help=SUPPRESS)
        add_common(action)


def _nothing(parser: ArgumentParser) -> None:
    """Add nothing: there is nothing to choose."""


def _name(parser: ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="the account")


def _add_user(parser: ArgumentParser) -> None:
    _name(parser)
    parser.add_argument("--role", metavar="ROLE", default="viewer", help="viewer (default), operator or admin")
    parser.add_argument("--no-password", action="store_true", help="only a trusted proxy can vouch for the account")
    _password_source(parser)


def _password_source(parser: ArgumentParser) -> None:
    parser.add_argument("--password-stdin", action="store_true", help="read the password from standard input")


def _set_password(parser: ArgumentParser) -> None:
    _name(parser)
    _password_source(parser)


def _role(parser: ArgumentParser) -> None:
    _name(parser)
    parser.add_argument("role", metavar="ROLE", help="viewer, operator or admin")


def _forgive(parser: ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME|IP", help="an account, or an address")


def _add_token(parser: ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="the account that the token is of")
    parser.add_argument("--name", dest="label", metavar="TEXT", required=True, help="what the token is for")
    parser.add_argument("--scope", metavar="SCOPES", default="read", help="with commas between them (default: read)")
    parser.add_argument("--for", dest="span", metavar="SPAN", default="90d", help="when it ends (default: 90d)")


def _remove_token(parser: ArgumentParser) -> None:
    parser.add_argument("token", metavar="TOKEN", help="how the token begins, as the list shows it")


_USER_ACTIONS: Mapping[str, tuple[str, AddOptions]] = {
    "list": ("Show the accounts", _nothing),
    "add": ("Make an account", _add_user),
    "password": ("Give an account another password, and end its sessions", _set_password),
    "role": ("Give an account another role", _role),
    "disable": ("Let nobody in with an account", _name),
    "enable": ("Let an account be used again", _name),
    "remove": ("Remove an account with its sessions and tokens", _name),
    "codes-off": ("Ask for one-time codes no more", _name),
    "log-out": ("End all sessions of an account", _name),
    "forgive": ("Forget the failed attempts at an account, or of an address", _forgive),
}
_TOKEN_ACTIONS: Mapping[str, tuple[str, AddOptions]] = {
    "list": ("Show the API tokens", _nothing),
    "add": ("Make an API token", _add_token),
    "remove": ("Remove an API token, which ends at once", _remove_token),
}
