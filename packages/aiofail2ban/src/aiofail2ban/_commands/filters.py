"""What a jail reads and what it makes of it: logs, journals, regular expressions, ignored addresses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast, get_args

from aiofail2ban._command import Command
from aiofail2ban._values import RemoteObject
from aiofail2ban.types import DatePattern, Duration, IgnoreCache, UseDns

from ._arguments import check_bool, check_number, check_text, to_seconds
from ._expect import (
    expect_bool,
    expect_int,
    expect_list,
    expect_nothing,
    expect_number,
    expect_text,
    expect_texts,
    optional,
    unexpected,
)
from .settings import read, write

_USE_DNS = get_args(UseDns)
_FILE_SET = "FileIPAddrSet"
# Adding a log file may mean reading it from its beginning.
_LOG_SECONDS = 30.0
# An ignored host name is looked up in the DNS.
_LOOK_UP_SECONDS = 30.0
# With these a key would end the option that it stands in, and the next one is evaluated by the daemon.
_KEY_BREAKERS = frozenset("\"'[]=,\\\n\r")


def get_maxlines(jail: str) -> Command[int]:
    """`get J maxlines`."""
    return read(jail, "maxlines", expect_int)


def set_maxlines(jail: str, count: int) -> Command[int]:
    """`set J maxlines`."""
    return write(jail, "maxlines", check_number(count, 1, "maxlines"), expect_int)


def get_usedns(jail: str) -> Command[UseDns]:
    """`get J usedns`."""
    return read(jail, "usedns", parse_usedns)


def set_usedns(jail: str, mode: UseDns) -> Command[UseDns]:
    """`set J usedns`; the daemon would take a word that it does not know for `no`, without an error."""
    if check_text(mode, "usedns") not in _USE_DNS:
        raise ValueError(f"usedns is one of {', '.join(_USE_DNS)}; not {mode!r}")
    return write(jail, "usedns", mode, parse_usedns)


def get_logencoding(jail: str) -> Command[str]:
    """`get J logencoding`."""
    return read(jail, "logencoding", expect_text)


def set_logencoding(jail: str, encoding: str) -> Command[str]:
    """`set J logencoding`."""
    return write(jail, "logencoding", check_text(encoding, "the encoding"), expect_text)


def get_logtimezone(jail: str) -> Command[str | None]:
    """`get J logtimezone`."""
    return read(jail, "logtimezone", optional(expect_text))


def set_logtimezone(jail: str, zone: str) -> Command[str | None]:
    """`set J logtimezone`."""
    return write(jail, "logtimezone", check_text(zone, "the time zone"), optional(expect_text))


def get_datepattern(jail: str) -> Command[DatePattern | None]:
    """`get J datepattern`."""
    return read(jail, "datepattern", parse_datepattern)


def set_datepattern(jail: str, pattern: str) -> Command[DatePattern | None]:
    """`set J datepattern`."""
    return write(jail, "datepattern", check_text(pattern, "the date pattern"), parse_datepattern)


def get_logpath(jail: str) -> Command[tuple[str, ...]]:
    """`get J logpath`."""
    return read(jail, "logpath", expect_texts)


def add_logpath(jail: str, path: str, *, tail: bool) -> Command[tuple[str, ...]]:
    """`set J addlogpath PATH head|tail`."""
    request = ("set", jail, "addlogpath", check_text(path, "the path"), "tail" if tail else "head")
    return Command(request, expect_texts, extra_seconds=_LOG_SECONDS)


def del_logpath(jail: str, path: str) -> Command[tuple[str, ...]]:
    """`set J dellogpath PATH`."""
    return write(jail, "dellogpath", check_text(path, "the path"), expect_texts)


def get_journalmatch(jail: str) -> Command[tuple[tuple[str, ...], ...]]:
    """`get J journalmatch`."""
    return read(jail, "journalmatch", parse_journalmatch)


def add_journalmatch(jail: str, words: tuple[str, ...]) -> Command[tuple[tuple[str, ...], ...]]:
    """`set J addjournalmatch FIELD=VALUE ... [+ FIELD=VALUE ...]`."""
    request = ("set", jail, "addjournalmatch", *[check_text(word, "a match") for word in words])
    return Command(request, parse_journalmatch)


def del_journalmatch(jail: str, words: tuple[str, ...]) -> Command[tuple[tuple[str, ...], ...]]:
    """`set J deljournalmatch FIELD=VALUE ...`, one group, as the daemon keeps them."""
    request = ("set", jail, "deljournalmatch", *[check_text(word, "a match") for word in words])
    return Command(request, parse_journalmatch)


def split_groups(words: Iterable[str]) -> list[tuple[str, ...]]:
    """Return the groups of a journal match that `+` separates: the daemon keeps, and deletes, each by itself."""
    groups: list[list[str]] = [[]]
    for word in words:
        if word == "+":
            groups.append([])
        else:
            groups[-1].append(word)
    return [tuple(group) for group in groups if group]


def get_prefregex(jail: str) -> Command[str]:
    """`get J prefregex`."""
    return read(jail, "prefregex", expect_text)


def set_prefregex(jail: str, regex: str) -> Command[str]:
    """`set J prefregex`."""
    return write(jail, "prefregex", check_text(regex, "the regular expression"), expect_text)


def get_regexes(jail: str, kind: str) -> Command[tuple[str, ...]]:
    """`get J failregex` or `get J ignoreregex`."""
    return read(jail, kind, expect_texts)


def add_regex(jail: str, kind: str, regex: str) -> Command[tuple[str, ...]]:
    """`set J addfailregex` or `set J addignoreregex`."""
    return write(jail, f"add{kind}", check_text(regex, "the regular expression"), expect_texts)


def add_regexes(jail: str, kind: str, regexes: Iterable[str]) -> Command[None]:
    """`multi-set J addfailregex` or `multi-set J addignoreregex`."""
    if isinstance(regexes, str):
        raise TypeError("the regular expressions must be a list of texts, not one text")
    texts = [check_text(regex, "a regular expression") for regex in regexes]
    return Command(("multi-set", jail, f"add{kind}", texts), expect_nothing)


def del_regex(jail: str, kind: str, index: int) -> Command[tuple[str, ...]]:
    """`set J delfailregex` or `set J delignoreregex`; counted from 0, as a negative number would count backwards."""
    return write(jail, f"del{kind}", check_number(index, 0, "the index"), expect_texts)


def get_ignoreself(jail: str) -> Command[bool]:
    """`get J ignoreself`."""
    return read(jail, "ignoreself", expect_bool)


def set_ignoreself(jail: str, is_on: bool) -> Command[bool]:
    """`set J ignoreself`."""
    return write(jail, "ignoreself", check_bool(is_on, "ignoreself"), expect_bool)


def get_ignoreip(jail: str) -> Command[tuple[str, ...]]:
    """`get J ignoreip`."""
    return read(jail, "ignoreip", parse_ignoreip)


def add_ignoreip(jail: str, entries: tuple[str, ...]) -> Command[tuple[str, ...]]:
    """`set J addignoreip ENTRY ...`."""
    return Command(("set", jail, "addignoreip", *entries), parse_ignoreip, extra_seconds=_LOOK_UP_SECONDS)


def del_ignoreip(jail: str, entry: str) -> Command[tuple[str, ...]]:
    """`set J delignoreip ENTRY`."""
    return Command(("set", jail, "delignoreip", entry), parse_ignoreip)


def get_ignorecommand(jail: str) -> Command[str]:
    """`get J ignorecommand`."""
    return read(jail, "ignorecommand", parse_ignorecommand)


def set_ignorecommand(jail: str, command: str) -> Command[str]:
    """`set J ignorecommand`."""
    return write(jail, "ignorecommand", check_text(command, "the command"), expect_text)


def get_ignorecache(jail: str) -> Command[IgnoreCache | None]:
    """`get J ignorecache`."""
    return read(jail, "ignorecache", parse_ignorecache)


def set_ignorecache(jail: str, key: str, max_count: int, max_time: Duration) -> Command[IgnoreCache | None]:
    """`set J ignorecache`: three options in one text, of which the daemon would evaluate the last."""
    if _KEY_BREAKERS & set(check_text(key, "the key")) or not key.strip():
        raise ValueError(f"the key is a text such as '<ip>' without quotes, brackets and commas; not {key!r}")
    count = check_number(max_count, 1, "the number of entries")
    seconds = to_seconds(max_time, "the time in the cache")
    return write(jail, "ignorecache", f'key="{key}", max-count={count}, max-time={seconds}', parse_ignorecache)


def parse_usedns(value: object) -> UseDns:
    """Read one of the four modes."""
    if value in _USE_DNS:
        return cast("UseDns", value)
    raise unexpected("a mode of using the DNS", value)


def parse_datepattern(value: object) -> DatePattern | None:
    """Read `(pattern or None, name)`; None stands for no detection at all."""
    if value is None:
        return None
    items = expect_list(value)
    if len(items) != 2:
        raise unexpected("a date pattern", value)
    return DatePattern(optional(expect_text)(items[0]), expect_text(items[1]))


def parse_journalmatch(value: object) -> tuple[tuple[str, ...], ...]:
    """Read a list of groups; a line matches when it matches all of one group."""
    return tuple([expect_texts(group) for group in expect_list(value)])


def parse_ignoreip(value: object) -> tuple[str, ...]:
    """Read addresses, networks, names, and files of those as `file:PATH` (fail2ban >= 1.1.1)."""
    return tuple([_read_ignored(item) for item in expect_list(value)])


def _read_ignored(item: object) -> str:
    if isinstance(item, RemoteObject) and item.name == _FILE_SET and isinstance(item.state, dict):
        return f"file:{item.state.get('fileName', '')}"
    return expect_text(item)


def parse_ignorecommand(value: object) -> str:
    """Read a text; a jail that never had a command says False."""
    return "" if value is False else expect_text(value)


def parse_ignorecache(value: object) -> IgnoreCache | None:
    """Read `[key, entries, seconds]`; None stands for no cache."""
    if value is None:
        return None
    items = expect_list(value)
    if len(items) != 3:
        raise unexpected("the settings of a cache", value)
    return IgnoreCache(expect_text(items[0]), expect_int(items[1]), expect_number(items[2]))
