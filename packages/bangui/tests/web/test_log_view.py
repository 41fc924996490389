from __future__ import annotations

import pytest

from bangui.domain.watched_logs import LogAway, WatchedLog
from bangui.services.log_lines import Mark, MarkedLine, MarkedPart
from bangui.web.log_query import LogQuery
from bangui.web.log_view import build_log, build_rows, chosen_log

OWN = WatchedLog("own", "/var/log/fail2ban.log", (), is_own=True, is_file=True)
AUTH = WatchedLog("auth", "/var/log/auth.log", ("sshd",), is_own=False, is_file=True)


def part(*lines: MarkedLine) -> MarkedPart:
    return MarkedPart(lines, len(lines), "1.2.3", has_gap=False, is_anew=False)


def test_the_first_log_is_shown_where_none_is_named_and_none_where_there_is_no_such() -> None:
    assert chosen_log((OWN, AUTH), LogQuery()) is OWN
    assert chosen_log((OWN, AUTH), LogQuery("auth")) is AUTH
    assert chosen_log((OWN, AUTH), LogQuery("/etc/shadow")) is None
    assert chosen_log((), LogQuery()) is None


def test_a_line_is_split_around_the_address_that_it_is_marked_for() -> None:
    (row,) = build_rows(part(MarkedLine("from 192.0.2.7 port", False, "p", Mark.BANNED, "192.0.2.7", "192.0.2.7"))).rows
    assert (row.before, row.address, row.after) == ("from ", "192.0.2.7", " port")
    assert (row.mark, row.label, row.path) == ("banned", "banned now", "/address?id=192.0.2.7")


def test_a_line_that_is_not_marked_is_whole() -> None:
    (row,) = build_rows(part(MarkedLine("a line", True, "p"))).rows
    assert (row.mark, row.before, row.address, row.after, row.is_cut) == (None, "a line", "", "", True)


def test_the_stream_goes_on_where_the_page_ends_with_the_same_filter() -> None:
    view = build_log((OWN, AUTH), AUTH, LogQuery(text="root"), part())
    assert view.stream_path == "/log/lines?file=auth&q=root&since=1.2.3"
    assert (view.path, view.clear_path) == ("/log?file=auth&q=root", "/log?file=auth")


@pytest.mark.parametrize(("log", "number"), [(OWN, 6), (AUTH, 0)])
def test_only_fail2bans_own_log_has_levels(log: WatchedLog, number: int) -> None:
    assert len(build_log((OWN, AUTH), log, LogQuery(), part()).levels) == number


def test_a_log_that_cannot_be_read_says_why_and_is_not_followed() -> None:
    view = build_log((OWN,), OWN, LogQuery(), None, LogAway("it is away", "look elsewhere"))
    assert (view.lines, view.stream_path, view.problem, view.hint) == (None, None, "It is away.", "Look elsewhere.")
