"""Options of `serve` for a console behind a reverse proxy."""

from __future__ import annotations

from argparse import ArgumentParser


def proxy_options(parser: ArgumentParser) -> None:
    """Add under which names and paths the console is shown, and whose word counts."""
    group = parser.add_argument_group("behind a reverse proxy (HTTPS ends there; docs/access.md has examples)")
    group.add_argument(
        "--host-name",
        metavar="NAME",
        action="append",
        help="a name under which browsers ask for the console, beside localhost; may be repeated",
    )
    group.add_argument("--base-path", metavar="PATH", help="where the console is under that name, such as /bangui")
    group.add_argument(
        "--trusted-proxy",
        metavar="ADDRESS",
        action="append",
        help="an address or network whose X-Forwarded-For and -Proto are believed; may be repeated",
    )
    group.add_argument(
        "--login-header",
        metavar="NAME",
        help="the header in which that proxy names who has logged in to it, such as Remote-User",
    )
