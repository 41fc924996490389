from __future__ import annotations

from collections.abc import Callable

import pytest

from aiofail2ban import Fail2BanProtocolError
from aiofail2ban._commands import _expect as expect
from aiofail2ban._commands import filters, jails, server, settings


@pytest.mark.parametrize(
    ("parse", "value"),
    [
        (expect.expect_text, 5),
        (expect.expect_int, True),
        (expect.expect_int, "5"),
        (expect.expect_number, True),
        (expect.expect_number, None),
        (expect.expect_bool, 1),
        (expect.expect_flag, "1"),
        (expect.expect_list, "text"),
        (expect.expect_texts, ["a", 5]),
        (filters.parse_usedns, "maybe"),
        (filters.parse_usedns, ["no"]),
        (filters.parse_datepattern, ("a",)),
        (filters.parse_ignorecache, ["<ip>", 100]),
        (filters.parse_ignoreip, [5]),
        (filters.parse_journalmatch, ["_COMM=sshd"]),
        (jails.parse_jail_list, [("Number of jail", 1)]),
        (jails.parse_status, [("Filter", [])]),
        (jails.parse_status, [("Filter",)]),
        (jails.parse_statistics, ["polling", (0, 0)]),
        (jails.parse_statistics, ["polling", (0,), (0, 0)]),
        (jails.parse_statistics_of_all, []),
        (jails.parse_status_of_all, [("Number of jail", 1)]),
        (server.parse_stacksize, {}),
        (settings.parse_switch, "true"),
        (settings.parse_multipliers, ["1"]),
    ],
)
def test_a_reply_of_another_shape_is_a_protocol_error(parse: Callable[[object], object], value: object) -> None:
    with pytest.raises(Fail2BanProtocolError, match="the daemon's reply is not"):
        parse(value)


def test_a_whole_number_comes_as_an_int() -> None:
    assert repr(expect.expect_number(2629800.0)) == "2629800"
    assert expect.expect_number(1.5) == 1.5


def test_none_is_accepted_where_it_is_optional() -> None:
    assert expect.optional(expect.expect_int)(None) is None
    assert expect.optional(expect.expect_int)(5) == 5
