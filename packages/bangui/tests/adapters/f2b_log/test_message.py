from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bangui.adapters.f2b_log.message import Control, Said, Steering, parse_length, parse_said, parse_steering
from bangui.domain.history import PERMANENT, EventKind

AT = "2026-11-23 09:35:14"
MESSAGES = {
    ("filter", f"[sshd] Found 203.0.113.1 - {AT}"): Said(EventKind.FAILURE, "sshd", "203.0.113.1", AT),
    ("filter", f"[sshd] Attempt 203.0.113.1 - {AT}"): Said(EventKind.FAILURE, "sshd", "203.0.113.1", AT),
    ("filter", "[sshd] Ignore 203.0.113.1 by ip"): Said(EventKind.IGNORED, "sshd", "203.0.113.1"),
    ("filter", "[sshd] Ignore 203.0.113.1 by dns"): Said(EventKind.IGNORED, "sshd", "203.0.113.1"),
    ("filter", "[sshd] Ignore 203.0.113.1 by command"): Said(EventKind.IGNORED, "sshd", "203.0.113.1"),
    ("filter", "[sshd] Ignore 203.0.113.1 by ignoreself rule"): Said(EventKind.IGNORED, "sshd", "203.0.113.1"),
    ("filter", "[sshd] Ignore 203.0.113.1 by file:/my list"): Said(EventKind.IGNORED, "sshd", "203.0.113.1"),
    ("actions", "[sshd] Ban 203.0.113.1"): Said(EventKind.BAN, "sshd", "203.0.113.1"),
    ("actions", "[sshd] Ban 2001:db8::/64"): Said(EventKind.BAN, "sshd", "2001:db8::/64"),
    ("actions", "[sshd] Ban "): Said(EventKind.BAN, "sshd", ""),
    ("actions", "[sshd] Restore Ban 203.0.113.1"): Said(EventKind.RESTORE, "sshd", "203.0.113.1"),
    ("actions", "[sshd] Repeal Ban 203.0.113.1"): Said(EventKind.REPEAL, "sshd", "203.0.113.1"),
    ("actions", "[sshd] Unban 203.0.113.1"): Said(EventKind.UNBAN, "sshd", "203.0.113.1"),
    ("actions", "[sshd] Reban 203.0.113.1"): Said(EventKind.REBAN, "sshd", "203.0.113.1"),
    ("actions", "[sshd] Reban 203.0.113.1, action 'nft'"): Said(EventKind.REBAN, "sshd", "203.0.113.1"),
    ("actions", "[sshd] 203.0.113.1 already banned"): Said(EventKind.ALREADY_BANNED, "sshd", "203.0.113.1"),
    ("observer", f"[sshd] Increase Ban 203.0.113.1 (2 # 0:00:10 -> {AT})"): Said(
        EventKind.PROLONG, "sshd", "203.0.113.1", "", 2, 10, 0, AT
    ),
    ("observer", f"[sshd] Increase Ban 203.0.113.1 (2 # 10.0s -> {AT})"): Said(
        EventKind.PROLONG, "sshd", "203.0.113.1", "", 2, 10, 0, AT
    ),
    ("observer", f"[sshd] Increase Ban 203.0.113.1 (12 # 2d 7h 15m -> {AT})"): Said(
        EventKind.PROLONG, "sshd", "203.0.113.1", "", 12, 198_900, 30, AT
    ),
    ("observer", "[sshd] Increase Ban 203.0.113.1 (3 # permanent -> infinite)"): Said(
        EventKind.PROLONG, "sshd", "203.0.113.1", "", 3, PERMANENT, 0, ""
    ),
}


@pytest.mark.parametrize(("logger", "message"), MESSAGES)
def test_every_message_of_an_event_is_understood_with_its_logger_and_without(logger: str, message: str) -> None:
    assert parse_said(message, logger) == MESSAGES[logger, message]
    assert parse_said(message) == MESSAGES[logger, message]


@pytest.mark.parametrize(
    ("logger", "message"),
    [
        ("observer", f"[sshd] Found 203.0.113.1, bad - {AT}, 1 # -> 2.0, Ban"),
        ("observer", f"[sshd] Found 203.0.113.1, bad - {AT}, 1 # -> 2.0"),
        ("observer", f"[sshd] IP 203.0.113.1 is bad: 1 # last {AT} - incr 5s to 10.0s"),
        ("observer", "[sshd] Observer: ban found 203.0.113.1, 600"),
        ("actions", "[sshd] Ignore 203.0.113.1, expired bantime"),
        ("actions", "[sshd] Flush ticket(s) with nftables"),
        ("actions", "[sshd] action 'nft': unban 203.0.113.1"),
        ("filter", "[sshd] Ignore line since time 1795608540 < 1795608541"),
        ("filter", "[sshd] Found a match but no valid date/time found for 'x'."),
        ("filter", "[sshd] Found 203.0.113.1"),
        ("filter", "[sshd"),
        ("filter", "[]"),
    ],
)
def test_other_messages_tell_of_no_event(logger: str, message: str) -> None:
    assert parse_said(message, logger) is None
    assert parse_said(message) is None


@pytest.mark.parametrize(
    ("message", "logger"),
    [
        ("[sshd] Ban 203.0.113.1", "filter"),
        (f"[sshd] Found 203.0.113.1 - {AT}", "actions"),
        (f"[sshd] Found 203.0.113.1 - {AT}", "observer"),
        ("[sshd] Unban 203.0.113.1", "transmitter"),
    ],
)
def test_a_logger_that_does_not_write_such_messages_is_not_believed(message: str, logger: str) -> None:
    assert parse_said(message, logger) is None


HOSTILE_IDS = [
    "a b",
    "x] Ban 198.51.100.1",
    "[other] Ban 198.51.100.1",
    f"198.51.100.1 - {AT}",
    f"x - {AT} - ",
    "x by ip",
    "x by ip by dns",
    f"x (2 # 10s -> {AT})",
    "x, action 'y'",
    "already banned",
    " ",
    "\x1b[31m\0\r\t\u2028",
    "\udcff\udc00",
    "x\ny",
    "Found x",
]


@pytest.mark.parametrize("id", HOSTILE_IDS)
def test_an_id_is_what_stands_between_the_words_of_the_daemon_whatever_it_looks_like(id: str) -> None:
    for logger, text in [
        ("filter", f"Found {id} - {AT}"),
        ("filter", f"Attempt {id} - {AT}"),
        ("filter", f"Ignore {id} by ip"),
        ("actions", f"Ban {id}"),
        ("actions", f"Restore Ban {id}"),
        ("actions", f"Repeal Ban {id}"),
        ("actions", f"Unban {id}"),
        ("actions", f"{id} already banned"),
        ("actions", f"Reban {id}, action 'nft'"),
        ("observer", f"Increase Ban {id} (2 # 10s -> {AT})"),
    ]:
        said = parse_said(f"[sshd] {text}", logger)
        assert said is not None, text
        assert (said.jail, said.id) == ("sshd", id)


def test_an_id_cannot_make_a_ban_of_somebody_else_out_of_another_message() -> None:
    victim = "198.51.100.1"
    for id in (
        f"Ban {victim}",
        f"Unban {victim}",
        f"Found {victim} - {AT}",
        f"x] Ban {victim}",
        f"a\n[sshd] Ban {victim}",
    ):
        for logger, text in [
            ("actions", f"{id} already banned"),
            ("actions", f"Ignore {id}, expired bantime"),
            ("observer", f"Found {id}, bad - {AT}, 1 # -> 2.0, Ban"),
            ("observer", f"IP {id} is bad: 1 # last {AT} - incr 5s to 10.0s"),
            ("filter", f"Ignore {id} by ip"),
        ]:
            for name in (logger, ""):
                said = parse_said(f"[sshd] {text}", name)
                assert said is None or said.id != victim


def test_a_jail_may_have_an_odd_name() -> None:
    assert parse_said("[my jail] Ban x") == Said(EventKind.BAN, "my jail", "x")
    assert parse_said("[we]ird] Ban x") == Said(EventKind.BAN, "we]ird", "x")
    assert parse_said("[we]ird] x already banned") == Said(EventKind.ALREADY_BANNED, "we]ird", "x")
    assert parse_said("[a] Ban b] Unban x", "", ["a] Ban b"]) == Said(EventKind.UNBAN, "a] Ban b", "x")
    assert parse_said("[a] Ban b] Unban x") == Said(EventKind.BAN, "a", "b] Unban x")


@given(st.text(max_size=80), st.sampled_from(["", "filter", "actions", "observer", "server"]))
def test_no_text_at_all_raises_an_error(text: str, logger: str) -> None:
    for beginning in (
        "",
        "[",
        "[j] ",
        "[j] Found ",
        "[j] Increase Ban x (",
        "Jail '",
        "Creating new jail '",
        "Reload ",
    ):
        parse_said(beginning + text, logger)
        parse_steering(beginning + text, logger)
    parse_length(text)


@pytest.mark.parametrize(
    ("text", "seconds", "rounding"),
    [
        ("0", 0, 0),
        ("59s", 59, 0),
        ("59m 50s", 3590, 0),
        ("1.0m 5.0s", 65, 0),
        ("10.5s", 10, 0),
        ("1h", 3600, 5),
        ("2d 7h 15m", 198_900, 30),
        ("1w", 604_800, 1_800),
        ("1y 3w 4d", 33_696_000, 43_200),
        ("0:00:10", 10, 0),
        ("1 day, 2:00:00", 93_600, 0),
        ("12 days, 0:00:01", 1_036_801, 0),
        ("permanent", PERMANENT, 0),
        ("", None, 0),
        ("soon", None, 0),
        ("1s 2m", None, 0),
    ],
)
def test_a_length_is_read_as_every_version_writes_it(text: str, seconds: int | None, rounding: int) -> None:
    assert parse_length(text) == (seconds, rounding)


@pytest.mark.parametrize(
    ("logger", "message", "expected"),
    [
        ("server", "Starting Fail2ban v1.0.2", Steering(Control.STARTING, "1.0.2")),
        ("server", "Start Fail2ban v1.0.2", None),
        ("server", "Stopping all jails", Steering(Control.STOPPING_ALL)),
        ("server", "Exiting Fail2ban", Steering(Control.EXITING)),
        ("server", "Reload all jails", Steering(Control.RELOADING)),
        ("server", "Reload jail sshd", Steering(Control.RELOADING)),
        ("server", "Reload jail 'sshd'", Steering(Control.CONFIGURING, "sshd")),
        ("server", "Reload finished.", Steering(Control.RELOADED)),
        ("server", "Jail 'sshd' reloaded", Steering(Control.RUNNING, "sshd")),
        ("jail", "Creating new jail 'sshd'", Steering(Control.CREATING, "sshd")),
        ("jail", "Creating new jail 'it's'", Steering(Control.CREATING, "it's")),
        ("jail", "Jail 'sshd' started", Steering(Control.RUNNING, "sshd")),
        ("jail", "Jail 'sshd' stopped", Steering(Control.STOPPED, "sshd")),
        ("jail", 'Jail "it\'s" stopped', Steering(Control.STOPPED, "it's")),
        ("jail", "Jail 'a\\\\b' stopped", Steering(Control.STOPPED, "a\\b")),
        ("jail", "Jail 'a'b' stopped", Steering(Control.STOPPED, "'a'b'")),
        ("jail", "Jail 'sshd' uses poller {}", None),
        ("filter", "Removed logfile: '/var/log/auth.log'", Steering(Control.UNWATCHED)),
        ("filter", "Added logfile: '/var/log/auth.log' (pos = 0, hash = )", None),
        ("actions", "banTime: 600", Steering(Control.BAN_TIME, "600")),
        ("utils", "Stopping all jails", None),
        ("", "Stopping all jails", Steering(Control.STOPPING_ALL)),
        ("server", "", None),
    ],
)
def test_messages_that_steer_are_understood(logger: str, message: str, expected: Steering | None) -> None:
    assert parse_steering(message, logger) == expected
