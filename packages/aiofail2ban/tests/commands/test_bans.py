from __future__ import annotations

from datetime import datetime

import pytest

from aiofail2ban import Fail2BanProtocolError
from aiofail2ban._commands import bans
from aiofail2ban.types import Ban

MORNING = datetime(2026, 11, 23, 9, 25, 1)  # noqa: DTZ001 - the daemon sends no zone
HOUR_LATER = datetime(2026, 11, 23, 10, 25, 1)  # noqa: DTZ001


@pytest.mark.parametrize(
    "id",
    [
        "192.0.2.10",
        "",
        " ",
        "two words",
        "a\nb",
        "x \t2026-11-23 09:25:01 + 3600 = 2026-11-23 10:25:01",
        " \t",
        "é€😀",
        "x<F2B_END_COMMAND>y",
    ],
)
def test_a_line_is_read_from_its_right_end_whatever_the_id_is(id: str) -> None:
    line = f"{id} \t2026-11-23 09:25:01 + 3600 = 2026-11-23 10:25:01"
    assert bans.parse_bans([line]) == (Ban(id, MORNING, 3600, HOUR_LATER),)


def test_a_permanent_ban_has_no_end() -> None:
    line = "203.0.113.5 \t2026-11-23 09:25:01 + -1 = 9999-12-31 23:59:59"
    assert bans.parse_bans([line]) == (Ban("203.0.113.5", MORNING, None, None),)


@pytest.mark.parametrize(
    "value",
    [
        None,
        "text",
        [5],
        ["192.0.2.10"],
        ["192.0.2.10 \t"],
        ["192.0.2.10 \t2026-11-23 09:25:01 + x = 2026-11-23 10:25:01"],
        ["192.0.2.10 \t2026-11-23 09:25:01 - 3600 = 2026-11-23 10:25:01"],
        ["192.0.2.10 \t2026-13-23 09:25:01 + 3600 = 2026-11-23 10:25:01"],
        ["192.0.2.10 2026-11-23 09:25:01 + 3600 = 2026-11-23 10:25:01"],
        ["192.0.2.10 \t2026-11-23 09:25:01 +  = 2026-11-23 10:25:01"],
    ],
)
def test_lines_of_another_shape_are_a_protocol_error(value: object) -> None:
    with pytest.raises(Fail2BanProtocolError):
        bans.parse_bans(value)


def test_ids_that_a_careless_program_banned_come_as_texts() -> None:
    assert bans.parse_ids(["192.0.2.1", 5, None]) == ("192.0.2.1", "5", "None")
    with pytest.raises(Fail2BanProtocolError):
        bans.parse_ids([["nested"]])


def test_one_flag_comes_alone_and_several_in_a_list() -> None:
    assert bans.parse_flags(1) == (True,)
    assert bans.parse_flags([1, 0]) == (True, False)


def test_options_are_never_mistaken_for_ids() -> None:
    assert bans.unban("sshd", ("--report-absent",)).request[3:] == ("--report-absent", "--report-absent")
    assert bans.unban("sshd", ("--report-absent", "x")).request[3:] == ("x", "--report-absent")
    assert bans.unban_everywhere(("--all",)).request == ("unban", "--all", "--all")


def test_lines_of_an_attempt_are_a_list() -> None:
    assert bans.attempt("sshd", "192.0.2.1", ["a", "b"]).request[2:] == ("attempt", "192.0.2.1", "a", "b")
    with pytest.raises(TypeError, match="list"):
        bans.attempt("sshd", "192.0.2.1", "one text")
