"""Commands of the server as a whole."""

from __future__ import annotations

import math
from collections.abc import Sequence

from aiofail2ban._command import Command
from aiofail2ban._encode import encode_request
from aiofail2ban.types import Duration

from ._arguments import check_number, check_text, to_seconds
from ._expect import (
    expect_int,
    expect_list,
    expect_nothing,
    expect_number,
    expect_text,
    optional,
    unexpected,
)

# Some versions stop their jails one after the other, at a second each, and run each jail's last actions meanwhile.
STOP_SECONDS = 600.0


def version() -> Command[str]:
    """`version`."""
    return Command(("version",), expect_text, reads=True)


def server_status() -> Command[str]:
    """`server-status`."""
    return Command(("server-status",), expect_text, reads=True)


def echo(tokens: tuple[object, ...]) -> Command[list[object]]:
    """`echo`."""
    return Command(("echo", *tokens), lambda value: list(expect_list(value)), reads=True)


def sleep(seconds: float) -> Command[None]:
    """`sleep`, which blocks the whole daemon."""
    if not (math.isfinite(seconds) and seconds >= 0):
        raise ValueError(f"seconds must be a number that is not negative, not {seconds!r}")
    # Not marked as reading: sent again after a lost connection it would block everybody once more.
    return Command(("sleep", float(seconds)), expect_nothing, extra_seconds=float(seconds))


def flushlogs() -> Command[str]:
    """`flushlogs`."""
    return Command(("flushlogs",), expect_text)


def config_error(message: str) -> Command[None]:
    """`config-error`."""
    return Command(("config-error", check_text(message)), expect_nothing)


def stop() -> Command[None]:
    """`stop`, the server."""
    return Command(("stop",), expect_nothing, extra_seconds=STOP_SECONDS)


def stop_all_jails() -> Command[None]:
    """`stop --all`."""
    return Command(("stop", "--all"), expect_nothing, extra_seconds=STOP_SECONDS)


def get_loglevel() -> Command[str]:
    """`get loglevel`."""
    return Command(("get", "loglevel"), expect_text, reads=True)


def set_loglevel(level: str) -> Command[str]:
    """`set loglevel`."""
    return Command(("set", "loglevel", check_text(level, "the log level")), expect_text)


def get_logtarget() -> Command[str | None]:
    """`get logtarget`."""
    return Command(("get", "logtarget"), optional(expect_text), reads=True)


def set_logtarget(target: str) -> Command[str]:
    """`set logtarget`."""
    return Command(("set", "logtarget", check_text(target, "the log target")), expect_text)


def get_syslogsocket() -> Command[str | None]:
    """`get syslogsocket`."""
    return Command(("get", "syslogsocket"), optional(expect_text), reads=True)


def set_syslogsocket(path: str) -> Command[str | None]:
    """`set syslogsocket`."""
    return Command(("set", "syslogsocket", check_text(path, "the path")), optional(expect_text))


def get_thread_stacksize() -> Command[int]:
    """`get thread`, its only option."""
    return Command(("get", "thread"), parse_stacksize, reads=True)


def set_thread_stacksize(kibibytes: int) -> Command[None]:
    """`set thread`, its only option."""
    options = {"stacksize": check_number(kibibytes, 0, "the stack size")}
    return Command(("set", "thread", options), expect_nothing)


def get_dbfile() -> Command[str | None]:
    """`get dbfile`."""
    return Command(("get", "dbfile"), optional(expect_text), reads=True)


def set_dbfile(path: str | None) -> Command[str | None]:
    """`set dbfile`; the daemon spells "no database" as the text `None`."""
    name = "None" if path is None else check_text(path, "the path")
    return Command(("set", "dbfile", name), optional(expect_text))


def get_dbpurgeage() -> Command[float | None]:
    """`get dbpurgeage`."""
    return Command(("get", "dbpurgeage"), optional(expect_number), reads=True)


def set_dbpurgeage(age: Duration) -> Command[float | None]:
    """`set dbpurgeage`, which the daemon would evaluate."""
    return Command(("set", "dbpurgeage", to_seconds(age, "the purge age")), optional(expect_number))


def get_dbmaxmatches() -> Command[int | None]:
    """`get dbmaxmatches`."""
    return Command(("get", "dbmaxmatches"), optional(expect_int), reads=True)


def set_dbmaxmatches(count: int) -> Command[int | None]:
    """`set dbmaxmatches`."""
    return Command(("set", "dbmaxmatches", check_number(count, 0, "the number of matches")), optional(expect_int))


def set_allowipv6(value: bool | None) -> Command[None]:
    """`set allowipv6`; None lets the daemon find out."""
    word = {None: "auto", True: "yes", False: "no"}[value]
    return Command(("set", "allowipv6", word), expect_nothing)


def server_stream(commands: Sequence[Sequence[object]]) -> Command[None]:
    """`server-stream`."""
    return Command(("server-stream", to_stream(commands)), expect_nothing, extra_seconds=STOP_SECONDS)


def to_stream(commands: Sequence[object]) -> list[object]:
    """Return a stream of commands as the lists that travel; a tuple would travel as its text."""
    stream: list[object] = [_to_lists(command) for command in commands]
    encode_request(stream)
    for command in stream:
        if not isinstance(command, list) or not command:
            raise ValueError(f"a stream is made of commands such as ['add', 'sshd', 'auto'], not {command!r:.100}")
    return stream


def _to_lists(token: object) -> object:
    return [_to_lists(part) for part in token] if isinstance(token, (list, tuple)) else token


def parse_stacksize(value: object) -> int:
    """Read `{'stacksize': KiB}`."""
    if isinstance(value, dict) and "stacksize" in value:
        return expect_int(value["stacksize"])
    raise unexpected("the options of threads", value)
