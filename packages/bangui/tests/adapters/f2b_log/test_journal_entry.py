from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bangui.adapters.f2b_log.journal_entry import Entry, parse_entry
from bangui.adapters.f2b_log.line import Line

PLACE = "s=c0e350f4b1584ec9b5ecdad002eae8af;i=160;b=c8fdb3bda1814b479a6a4f1eb313f52f;m=16651fad3;t=661195f32acc5;x=b7"
BAN = "[sshd] Ban 203.0.113.1"


def entry(**fields: object) -> bytes:
    return json.dumps(
        {"__CURSOR": PLACE, "__REALTIME_TIMESTAMP": "1795608627685234", "_PID": "7807", **fields}
    ).encode()


NATIVE = {"LOGGER": "fail2ban.actions", "SYSLOG_IDENTIFIER": "fail2ban", "PRIORITY": "5"}
EXPECTED = Line("", "actions", 7807, "NOTICE", BAN)


@pytest.mark.parametrize(
    "fields",
    [
        {**NATIVE, "MESSAGE": BAN},
        {**NATIVE, "MESSAGE": list(BAN.encode())},
        {**NATIVE, "MESSAGE": [BAN, "a second message"]},
        {**NATIVE, "MESSAGE": f"  {BAN}"},
        {**NATIVE, "MESSAGE": f"2026-11-25 12:00:00,000 fail2ban.actions        [7807]: NOTICE  {BAN}"},
        {"SYSLOG_IDENTIFIER": "fail2ban.actions", "SYSLOG_PID": "7807", "_PID": "1", "MESSAGE": f"NOTICE {BAN}"},
        {"SYSLOG_IDENTIFIER": "fail2ban.actions", "MESSAGE": f"NOTICE  {BAN}"},
        {"SYSLOG_IDENTIFIER": "fail2ban-server", "MESSAGE": f"fail2ban.actions        [7807]: NOTICE  {BAN}"},
        {
            "SYSLOG_IDENTIFIER": "fail2ban-server",
            "MESSAGE": f"2026-11-25 12:00:00,000 fail2ban.actions        [7807]: NOTICE  {BAN}",
        },
    ],
)
def test_every_way_into_the_journal_leads_to_the_same_line(fields: dict[str, object]) -> None:
    assert parse_entry(entry(**fields)) == Entry(PLACE, 1_795_608_627_685, EXPECTED)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"MESSAGE": None, **NATIVE, "LOGGER": "other"},
        {"MESSAGE": BAN, "SYSLOG_IDENTIFIER": "fail2ban"},
        {"MESSAGE": BAN, "SYSLOG_IDENTIFIER": "sshd"},
        {"MESSAGE": "a line of a traceback", "SYSLOG_IDENTIFIER": "fail2ban-server"},
        {"MESSAGE": {"a": "b"}, "SYSLOG_IDENTIFIER": [[[]]]},
    ],
)
def test_an_entry_that_says_nothing_has_a_place_all_the_same(fields: dict[str, object]) -> None:
    assert parse_entry(entry(**fields)) == Entry(PLACE, 1_795_608_627_685, None)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"5",
        b"[" * 100_000,
        b'{"__CURSOR": 5, "__REALTIME_TIMESTAMP": "1795608627685234"}',
        b'{"__CURSOR": "s=1"}',
        b'{"__CURSOR": "s=1", "__REALTIME_TIMESTAMP": "-5"}',
        b'{"__CURSOR": "s=1", "__REALTIME_TIMESTAMP": "99999999999999999999999999999"}',
    ],
)
def test_what_is_no_entry_is_none(data: bytes) -> None:
    assert parse_entry(data) is None


def test_bytes_that_are_no_text_stay_what_they_are() -> None:
    found = parse_entry(entry(**NATIVE, MESSAGE=list(b"[sshd] Ban \xff\x00a\nb")))
    assert found is not None
    assert found.line is not None
    assert found.line.message == "[sshd] Ban \udcff\0a\nb"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-10, 1_000) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(st.sampled_from(["MESSAGE", "LOGGER", "SYSLOG_IDENTIFIER", "SYSLOG_PID", "_PID"]), JSON))
def test_no_fields_at_all_raise_an_error(fields: dict[str, object]) -> None:
    parse_entry(entry(**fields))
    parse_entry(entry(**{**fields, "SYSLOG_IDENTIFIER": "fail2ban.actions"}))
    parse_entry(entry(**{**fields, "LOGGER": "fail2ban.actions"}))
