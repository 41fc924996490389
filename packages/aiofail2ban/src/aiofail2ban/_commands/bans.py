"""Who is banned, banning, and unbanning."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, cast

from aiofail2ban._command import Command
from aiofail2ban.types import BanId

from ._arguments import PERMANENT, check_id, check_text
from ._expect import expect_flag, expect_int, expect_list, expect_texts, unexpected

if TYPE_CHECKING:
    from aiofail2ban.types import Ban

# A ban action is a shell command: milliseconds as a rule, but it may take seconds, and it is tried twice.
SECONDS_PER_ID = 3.0
# The daemon needs a second to list 100,000 bans with times, longer on a slow machine, and answers nobody meanwhile.
LIST_SECONDS = 15.0
# All bans of all jails, at some 8 ms each with an ordinary action.
UNBAN_ALL_SECONDS = 900.0

_REPORT_ABSENT = "--report-absent"

_ID_KINDS = frozenset({str, int, float, bool, bytes, type(None)})


def ban(jail: str, ids: tuple[str, ...]) -> Command[int | None]:
    """`set J banip ID ...`; None when the daemon took only the first id, as fail2ban < 0.10.5 does."""
    return Command(("set", jail, "banip", *ids), parse_count, extra_seconds=SECONDS_PER_ID * len(ids))


def unban(jail: str, ids: tuple[str, ...]) -> Command[int | None]:
    """`set J unbanip ID ...`; None when the daemon took only the first id, as fail2ban < 0.10.5 does."""
    if ids and ids[0] == _REPORT_ABSENT:
        # As the first word it would be the option. An id of that name goes last or, alone, behind the option.
        others = tuple([id for id in ids if id != _REPORT_ABSENT])
        ids = (*(others or (_REPORT_ABSENT,)), _REPORT_ABSENT)
    return Command(("set", jail, "unbanip", *ids), parse_count, extra_seconds=SECONDS_PER_ID * len(ids))


def unban_reporting_absent(jail: str, ids: tuple[str, ...]) -> Command[int]:
    """`set J unbanip --report-absent ID ...`, an error when one of them is not banned."""
    request = ("set", jail, "unbanip", _REPORT_ABSENT, *ids)
    return Command(request, expect_int, extra_seconds=SECONDS_PER_ID * len(ids))


def unban_everywhere(ids: tuple[str, ...]) -> Command[int]:
    """`unban ID ...`, in all jails."""
    if ids == ("--all",):
        # Alone it would lift every ban. The daemon ignores that an id is given twice.
        ids = ("--all", "--all")
    return Command(("unban", *ids), expect_int, extra_seconds=SECONDS_PER_ID * len(ids))


def unban_all() -> Command[int]:
    """`unban --all`."""
    return Command(("unban", "--all"), expect_int, extra_seconds=UNBAN_ALL_SECONDS)


def attempt(jail: str, id: BanId, lines: Iterable[str]) -> Command[bool]:
    """`set J attempt ID [line ...]`."""
    if isinstance(lines, str):
        raise TypeError("lines must be a list of texts, not one text")
    request = ("set", jail, "attempt", check_id(id), *[check_text(line, "a line") for line in lines])
    return Command(request, expect_flag, extra_seconds=SECONDS_PER_ID)


def banned() -> Command[dict[str, tuple[str, ...]]]:
    """`banned`, all ids of all jails."""
    return Command(("banned",), parse_banned, reads=True, extra_seconds=LIST_SECONDS)


def banned_in(ids: tuple[str, ...]) -> Command[tuple[tuple[str, ...], ...]]:
    """`banned ID ...`, the jails of each id."""
    return Command(("banned", *ids), parse_banned_in, reads=True, extra_seconds=LIST_SECONDS)


def banned_ids(jail: str) -> Command[tuple[str, ...]]:
    """`get J banned`, in the order of the bans."""
    return Command(("get", jail, "banned"), parse_ids, reads=True, extra_seconds=LIST_SECONDS)


def banned_ids_by_end(jail: str) -> Command[tuple[str, ...]]:
    """`get J banip`, in the order in which the bans end."""
    return Command(("get", jail, "banip"), parse_ids, reads=True, extra_seconds=LIST_SECONDS)


def are_banned(jail: str, ids: tuple[str, ...]) -> Command[tuple[bool, ...]]:
    """`get J banned ID ...`."""
    return Command(("get", jail, "banned", *ids), parse_flags, reads=True, extra_seconds=LIST_SECONDS)


def bans(jail: str) -> Command[tuple[Ban, ...]]:
    """`get J banip --with-time`, in the order in which the bans end."""
    return Command(("get", jail, "banip", "--with-time"), parse_bans, reads=True, extra_seconds=LIST_SECONDS)


def parse_count(value: object) -> int | None:
    """Read how many ids were banned or unbanned; None for the id itself, which old daemons answer."""
    return None if isinstance(value, str) else expect_int(value)


def parse_ids(value: object) -> tuple[str, ...]:
    """Read ids: texts, or numbers and None if a careless program had banned those."""
    items = expect_list(value)
    kinds = set(map(type, items))
    if kinds <= {str}:
        return cast("tuple[str, ...]", tuple(items))
    if kinds <= _ID_KINDS:
        return tuple(map(str, items))
    raise unexpected("a list of ids", value)


def parse_banned(value: object) -> dict[str, tuple[str, ...]]:
    """Read `[{jail: [id, ...]}, ...]`, in the order in which the jails were made."""
    jails: dict[str, tuple[str, ...]] = {}
    for item in expect_list(value):
        if not isinstance(item, dict):
            raise unexpected("a list of jails and their bans", value)
        for name, ids in item.items():
            jails[str(name)] = parse_ids(ids)
    return jails


def parse_banned_in(value: object) -> tuple[tuple[str, ...], ...]:
    """Read a list of jail names for each id."""
    return tuple([expect_texts(item) for item in expect_list(value)])


def parse_flags(value: object) -> tuple[bool, ...]:
    """Read a flag for each id; for a single id the daemon answers the flag alone."""
    if isinstance(value, int):
        return (expect_flag(value),)
    return tuple([expect_flag(item) for item in expect_list(value)])


def parse_bans(value: object) -> tuple[Ban, ...]:
    r"""Read lines of the form `ID \t2026-11-23 09:25:01 + 3600 = 2026-11-23 10:25:01`.

    An id may contain anything, also what looks like such a line, so each is taken apart from its right end.
    """
    from aiofail2ban._ban_types import Ban

    # A hundred thousand lines are common enough: cutting them up is twice as fast as a pattern, and what is not in
    # its place is neither a number nor a time.
    read_time = datetime.fromisoformat
    bans: list[Ban] = []
    for line in expect_texts(value):
        id, mark, times = line.rpartition(" \t")
        start, _, rest = times.partition(" + ")
        duration, _, end = rest.partition(" = ")
        try:
            seconds = int(duration if mark else "")
            if seconds == PERMANENT:
                bans.append(Ban(id, read_time(start), None, None))
            else:
                bans.append(Ban(id, read_time(start), seconds, read_time(end)))
        except ValueError:
            raise unexpected("a list of bans with their times", line) from None
    return tuple(bans)
