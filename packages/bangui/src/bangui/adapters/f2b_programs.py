"""The programs of the very fail2ban that runs: found by asking the kernel who listens at its socket.

A reload must be made from the configuration that the daemon was started with, by the package that it was started from.
Both stand in the daemon's own command line. Nothing of it is run unless the daemon belongs to the user that we are: so
whoever could put another program there could run it anyway.
"""

from __future__ import annotations

import getopt
import os
import socket
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bangui.domain.errors import OperationRefused
from bangui.domain.phrases import Phrase, phrase

_SERVER, _CLIENT = "fail2ban-server", "fail2ban-client"
_SHORT = "hc:s:p:xfbdtviqV"
_LONG = [
    "loglevel=",
    "logtarget=",
    "syslogsocket=",
    "test",
    "async",
    "conf=",
    "pidfile=",
    "pname=",
    "socket=",
    "timeout=",
    "str2sec=",
    "help",
    "version",
    "dp",
    "dump-pretty",
]
# What decides about the configuration that is read.
_PASSED_ON = frozenset(
    {"-c", "--conf", "-s", "--socket", "-p", "--pidfile", "--loglevel", "--logtarget", "--syslogsocket"}
)
_VARIABLES = (
    "PATH",
    "PYTHONPATH",
    "PYTHONHOME",
    "PYTHONNOUSERSITE",
    "VIRTUAL_ENV",
    "LANG",
    "LC_ALL",
    "HOME",
    "TZ",
    "TMPDIR",
)
_LONGEST_FILE = 1 << 20
_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Fail2BanPrograms:
    """Command lines of a fail2ban: `client` reads the configuration of the daemon, `server` starts another daemon."""

    client: tuple[str, ...]
    server: tuple[str, ...]
    environment: Mapping[str, str] = field(repr=False)
    folder: str


def find_programs(socket_path: str) -> Fail2BanPrograms:
    """Return the programs of the daemon behind a socket, or raise `OperationRefused` where they cannot be told."""
    process, user = _peer(socket_path)
    if user != os.geteuid():
        raise _refused(phrase("fail2ban runs as another user than BanGUI"))
    try:
        words = _words_of(process, "cmdline")
        environment = dict(word.split("=", 1) for word in _words_of(process, "environ") if "=" in word)
        folder = str(Path(f"/proc/{process}/cwd").readlink())
        is_here = Path(f"/proc/{process}/root").samefile("/")
    except OSError as error:
        raise _refused(phrase("it cannot be told how fail2ban was started: {problem}", problem=str(error))) from error
    if not is_here:
        raise _refused(phrase("fail2ban runs in a container of its own"))
    return programs_of(words, environment, folder)


def programs_of(words: Sequence[str], environment: Mapping[str, str], folder: str) -> Fail2BanPrograms:
    """Return the programs that belong to the command line of a daemon."""
    place = next((place for place, word in enumerate(words[:3]) if Path(word).name == _SERVER), None)
    if place is None:
        raise _refused(phrase("who listens at its socket was not started as fail2ban-server"))
    server = Path(words[place])
    client = server.with_name(_CLIENT)
    try:
        options, _ = getopt.gnu_getopt(list(words[place + 1 :]), _SHORT, _LONG)
    except getopt.GetoptError as error:
        raise _refused(
            phrase("fail2ban was started with an option that BanGUI does not know: {problem}", problem=str(error))
        ) from error
    if not server.is_absolute() or not client.is_file():
        raise _refused(phrase("there is no fail2ban-client beside {server}", server=str(server)))
    passed_on = [word for option, value in options if option in _PASSED_ON for word in (option, value)]
    python = tuple(words[:place])
    return Fail2BanPrograms(
        (*python, str(client), *passed_on),
        (*python, str(server)),
        {name: environment[name] for name in _VARIABLES if name in environment},
        folder,
    )


def _peer(socket_path: str) -> tuple[int, int]:
    """Return the process that listens at a socket, and its user."""
    with socket.socket(socket.AF_UNIX) as asker:
        asker.settimeout(_SECONDS)
        try:
            asker.connect(socket_path)
            credentials = asker.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        except OSError as error:
            raise _refused(phrase("nobody can be asked at its socket: {problem}", problem=str(error))) from error
    process, user, _ = struct.unpack("3i", credentials)
    return process, user


def _words_of(process: int, name: str) -> list[str]:
    with Path(f"/proc/{process}/{name}").open("rb") as file:
        content = file.read(_LONGEST_FILE)
    return [os.fsdecode(word) for word in content.rstrip(b"\0").split(b"\0")]


def _refused(why: Phrase) -> OperationRefused:
    return OperationRefused(
        phrase("BanGUI cannot reload this fail2ban: {why}", why=why), phrase("try: sudo fail2ban-client reload")
    )
