"""Every reply that was captured from a real daemon goes through the parser of its command.

`PARSERS` says which parser reads the reply to which command; a captured success reply without one fails the test,
so that no row of the reference goes untyped.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from aiofail2ban import ReplyReader
from aiofail2ban._commands import _expect as expect
from aiofail2ban._commands import bans, filters, jails, server, settings

FOLDER = Path(__file__).parents[1] / "data" / "replies"
CASES: list[dict[str, Any]] = [
    case
    for case in json.loads((FOLDER / "index.json").read_text("utf-8"))["cases"]
    if case["kind"] == "ok" and case["command"] is not None
]

Parser = Callable[[object], object]

JAIL_PROPERTIES: dict[str, Parser] = {
    "actionmethods": expect.expect_texts,
    "actionproperties": expect.expect_texts,
    "actions": expect.expect_texts,
    "addaction": expect.expect_text,
    "addfailregex": expect.expect_texts,
    "addignoreip": filters.parse_ignoreip,
    "addignoreregex": expect.expect_texts,
    "addjournalmatch": filters.parse_journalmatch,
    "addlogpath": expect.expect_texts,
    "attempt": expect.expect_flag,
    "bantime": expect.expect_int,
    "bantime.evmultipliers": settings.parse_multipliers,
    "bantime.factor": expect.optional(expect.expect_text),
    "bantime.formula": expect.optional(expect.expect_text),
    "bantime.increment": settings.parse_switch,
    "bantime.maxtime": expect.optional(expect.expect_number),
    "bantime.multipliers": expect.optional(expect.expect_text),
    "bantime.overalljails": settings.parse_overalljails,
    "bantime.rndtime": expect.optional(expect.expect_number),
    "datepattern": filters.parse_datepattern,
    "delaction": expect.expect_nothing,
    "delfailregex": expect.expect_texts,
    "delignoreip": filters.parse_ignoreip,
    "delignoreregex": expect.expect_texts,
    "deljournalmatch": filters.parse_journalmatch,
    "dellogpath": expect.expect_texts,
    "failregex": expect.expect_texts,
    "findtime": expect.expect_number,
    "idle": expect.expect_bool,
    "ignorecache": filters.parse_ignorecache,
    "ignorecommand": filters.parse_ignorecommand,
    "ignoreip": filters.parse_ignoreip,
    "ignoreregex": expect.expect_texts,
    "ignoreself": expect.expect_bool,
    "journalmatch": filters.parse_journalmatch,
    "logencoding": expect.expect_text,
    "logpath": expect.expect_texts,
    "logtimezone": expect.optional(expect.expect_text),
    "maxlines": expect.expect_int,
    "maxmatches": expect.expect_int,
    "maxretry": expect.expect_int,
    "prefregex": expect.expect_text,
    "usedns": filters.parse_usedns,
}

SERVER_PROPERTIES: dict[str, Parser] = {
    "dbfile": expect.optional(expect.expect_text),
    "dbmaxmatches": expect.optional(expect.expect_int),
    "dbpurgeage": expect.optional(expect.expect_number),
    "loglevel": expect.expect_text,
    "logtarget": expect.optional(expect.expect_text),
    "syslogsocket": expect.optional(expect.expect_text),
}

# Commands by their first words, None for any word; the first row that fits counts.
COMMANDS: list[tuple[tuple[str | None, ...], Parser]] = [
    (("add",), expect.expect_text),
    (("banned", None), bans.parse_banned_in),
    (("banned",), bans.parse_banned),
    (("config-error",), expect.expect_nothing),
    (("echo",), expect.expect_list),
    (("flushlogs",), expect.expect_text),
    (("get", "thread"), server.parse_stacksize),
    (("get", None, "action"), lambda value: value),
    (("get", None, "banip", "--with-time"), bans.parse_bans),
    (("get", None, "banip"), bans.parse_ids),
    (("get", None, "banned", None), bans.parse_flags),
    (("get", None, "banned"), bans.parse_ids),
    (("multi-set",), expect.expect_nothing),
    (("ping",), expect.expect_text),
    (("reload",), expect.expect_nothing),
    (("server-status",), expect.expect_text),
    (("server-stream",), expect.expect_nothing),
    (("set", "allowipv6"), expect.expect_nothing),
    (("set", "thread"), expect.expect_nothing),
    (("set", None, "action"), lambda value: value),
    (("set", None, "banip"), bans.parse_count),
    (("set", None, "unbanip"), bans.parse_count),
    (("sleep",), expect.expect_nothing),
    (("start",), expect.expect_nothing),
    (("statistic",), jails.parse_statistics_of_all),
    (("statistics",), jails.parse_statistics_of_all),
    (("stats",), jails.parse_statistics_of_all),
    (("status", "--all", "stats"), jails.parse_statistics_of_all),
    (("status", "--all"), jails.parse_status_of_all),
    (("status", None, "stats"), jails.parse_statistics),
    (("status", None, "cymru"), jails.parse_origins),
    (("status", None), jails.parse_status),
    (("status",), jails.parse_jail_list),
    (("stop",), expect.expect_nothing),
    (("unban",), expect.expect_int),
    (("version",), expect.expect_text),
    *[((word, name), parse) for word in ("get", "set") for name, parse in SERVER_PROPERTIES.items()],
    *[((word, None, name), parse) for word in ("get", "set") for name, parse in JAIL_PROPERTIES.items()],
]


def find_parser(command: Sequence[Any]) -> Parser:
    for pattern, parse in COMMANDS:
        if len(command) >= len(pattern) and all(
            expected in {None, str(word)} for expected, word in zip(pattern, command, strict=False)
        ):
            return parse
    raise AssertionError(f"no parser for {command!r}")


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["file"]))
def test_every_captured_reply_has_a_parser_that_reads_it(case: dict[str, Any]) -> None:
    (reply,) = ReplyReader().feed((FOLDER / case["file"]).read_bytes())
    assert reply[0] == 0
    find_parser(case["command"])(reply[1])
