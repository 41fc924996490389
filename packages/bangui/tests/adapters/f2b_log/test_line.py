from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bangui.adapters.f2b_log.line import MAX_LINE_BYTES, Line, parse_line, parse_tagged

BAN = "[sshd] Ban 203.0.113.1"


# As the four versions wrote them here, and for syslog as rsyslog does.
LAYOUTS = {
    "2026-11-23 09:35:14,459 fail2ban.actions        [7471]: NOTICE  [sshd] Ban 203.0.113.1": Line(
        "2026-11-23 09:35:14,459", "actions", 7471, "NOTICE", BAN
    ),
    "2026-11-23 09:35:14,459 fail2ban.actions[7471]: NOTICE [sshd] Ban 203.0.113.1": Line(
        "2026-11-23 09:35:14,459", "actions", 7471, "NOTICE", BAN
    ),
    "2026-11-23 09:35:14,459 fail2ban                [6006]: #04-Lev. something": Line(
        "2026-11-23 09:35:14,459", "", 6006, "#04-Lev.", "something"
    ),
    "2026-11-23 09:35:14,459 fail2ban.actions        [7471]: INFO      banTime: 600": Line(
        "2026-11-23 09:35:14,459", "actions", 7471, "INFO", "banTime: 600"
    ),
    "2026-11-23 09:35:14,459 fail2ban.averylongnameofaclass[7471]: ERROR   x": Line(
        "2026-11-23 09:35:14,459", "averylongnameofaclass", 7471, "ERROR", "x"
    ),
    "fail2ban.actions        [7471]: NOTICE  [sshd] Ban 203.0.113.1": Line("", "actions", 7471, "NOTICE", BAN),
    "fail2ban.actions[7471]: NOTICE [sshd] Ban 203.0.113.1": Line("", "actions", 7471, "NOTICE", BAN),
    "Nov  3 09:35:14 web1 fail2ban.actions[7471]: NOTICE [sshd] Ban 203.0.113.1": Line(
        "Nov  3 09:35:14", "actions", 7471, "NOTICE", BAN
    ),
    "2026-11-23T09:35:14.459123+01:00 web1 fail2ban.actions[7471]: NOTICE [sshd] Ban 203.0.113.1": Line(
        "2026-11-23T09:35:14.459123+01:00", "actions", 7471, "NOTICE", BAN
    ),
    "2026-11-23T09:35:14Z 2001:db8::1 fail2ban.actions        [7471]: NOTICE  [sshd] Ban 203.0.113.1": Line(
        "2026-11-23T09:35:14Z", "actions", 7471, "NOTICE", BAN
    ),
    "Nov 23 09:35:14 web1 fail2ban-server[1]: 2026-11-23 09:35:14,459 fail2ban.actions [7471]: NOTICE  " + BAN: Line(
        "Nov 23 09:35:14", "actions", 7471, "NOTICE", BAN
    ),
    " 2026-11-23 09:35:14,459 7F46A5245040 NOTIC [sshd] Ban 203.0.113.1": Line(
        "2026-11-23 09:35:14,459", "", 0, "NOTIC", BAN
    ),
    " 7F46A5245040 NOTIC [sshd] Ban 203.0.113.1": Line("", "", 0, "NOTIC", BAN),
    " + 2305 7F95F9D966C0 fail2ban.actions          NOTIC [sshd] Ban 203.0.113.1": Line(
        "+2305", "actions", 0, "NOTIC", BAN
    ),
    " +123456 7F6967FFF6C0 fail2ban.actions          NOTIC |         helpers-25: __safeLog            | " + BAN: Line(
        "+123456", "actions", 0, "NOTIC", BAN
    ),
    " +2315 7F6967FFF6C0 fail2ban.actions NOTICE | helpers-25: __safeLog | [sshd] Ban 203.0.113.1": Line(
        "+2315", "actions", 0, "NOTICE", BAN
    ),
}


@pytest.mark.parametrize("text", LAYOUTS)
def test_every_layout_is_taken_apart(text: str) -> None:
    assert parse_line(text.encode()) == LAYOUTS[text]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "NOTICE  [sshd] Ban 203.0.113.1",
        "    fail2ban.actions [7]: NOTICE  [sshd] Ban 203.0.113.1",
        "2026-11-23 09:35:14,459 notfail2ban [7471]: NOTICE  [sshd] Ban 203.0.113.1",
        "2026-11-23 09:35:14,459 fail2ban.actions        [7471] NOTICE  [sshd] Ban 203.0.113.1",
        "2026-11-23 09:35:14,459 fail2ban.actions        [x]: NOTICE  [sshd] Ban 203.0.113.1",
        "２０26-11-23 09:35:14,459 fail2ban.actions        [7471]: NOTICE  [sshd] Ban 203.0.113.1",
        "x 2026-11-23 09:35:14,459 fail2ban.actions        [7471]: NOTICE  [sshd] Ban 203.0.113.1",
        "Nov 23 09:35:14 web1 sshd[7]: Failed password for fail2ban.actions[7471]: NOTICE from 203.0.113.1",
        "Nov 23 09:35:14 web1 kernel: fail2ban.actions[7471]: NOTICE [sshd] Ban 203.0.113.1",
        'Traceback (most recent call last): File "fail2ban/server/actions.py"',
    ],
)
def test_what_has_no_layout_at_its_beginning_is_no_line(text: str) -> None:
    assert parse_line(text.encode()) is None


def test_an_id_that_looks_like_a_line_changes_nothing_of_the_line_that_it_is_in() -> None:
    id = "x 2026-11-23 09:35:14,459 fail2ban.actions        [1]: NOTICE  [sshd] Unban 198.51.100.1"
    line = parse_line(f"2026-11-23 09:35:14,460 fail2ban.actions        [7471]: NOTICE  [sshd] Ban {id}".encode())
    assert line == Line("2026-11-23 09:35:14,460", "actions", 7471, "NOTICE", f"[sshd] Ban {id}")


def test_bytes_that_are_no_text_and_control_characters_stay_what_they_are() -> None:
    data = b"2026-11-23 09:35:14,459 fail2ban.actions        [7471]: NOTICE  [sshd] Ban \xff\x00\r\x1b[31m\x85"
    line = parse_line(data)
    assert line is not None
    assert line.message.encode("utf-8", "surrogateescape") == data[data.index(b"[sshd]") :]


def test_a_line_without_end_is_cut_off() -> None:
    data = b"2026-11-23 09:35:14,459 fail2ban.actions        [7471]: NOTICE  [sshd] Ban " + b"x" * MAX_LINE_BYTES
    line = parse_line(data)
    assert line is not None
    assert len(line.message) < MAX_LINE_BYTES


@given(st.binary(max_size=200))
def test_no_bytes_at_all_raise_an_error(data: bytes) -> None:
    parse_line(data)
    parse_line(b" " + data)
    parse_line(b"2026-11-23 09:35:14,459 fail2ban" + data)


def test_what_syslog_keeps_apart_is_put_together() -> None:
    assert parse_tagged("actions", 7471, f"NOTICE {BAN}") == Line("", "actions", 7471, "NOTICE", BAN)
    assert parse_tagged("actions", 7471, f"NOTICE  {BAN}") == Line("", "actions", 7471, "NOTICE", BAN)
    assert parse_tagged("actions", 7471, BAN) is None
