from __future__ import annotations

from dataclasses import replace

import pytest

from bangui.domain.errors import InvalidInput, OperationRefused
from bangui.domain.history_queries import Metric, TopRow
from bangui.domain.jail_details import ActionDetails, JailDetails, JailFilter
from bangui.domain.jail_settings import JAIL_SETTINGS
from bangui.domain.jails import JailCounters, JailRule
from bangui.domain.moments import milliseconds_of
from bangui.domain.setting_values import SettingValue
from bangui.domain.watched_logs import log_key
from bangui.services.jail_days import FailingNow
from bangui.services.time_chart import RANGES as SPANS
from bangui.services.time_chart import JailCounts, TimeChart, span_back
from bangui.web.jail_view import RANGES, JailFacts, PastFacts, Tried, build_jail
from bangui.web.jails_contexts import JailPast, SettingRow, WatchedFile
from packages.bangui.tests.filled_history import NOW

MOMENT = milliseconds_of(NOW)
VALUES: dict[str, SettingValue] = {
    "maxretry": 5,
    "bantime": -1,
    "ignoreself": True,
    "ignorecommand": "ask --hush",
    "usedns": "no",
}
DETAILS = JailDetails(
    JailRule("h", "sshd", 5, 600, None, grows=False),
    JailCounters("h", "sshd", 1, 2, 3, 4),
    "polling",
    ("/var/log/auth.log",),
    (),
    JailFilter("", (), ()),
    VALUES,
    ("nftables",),
)
FACTS = JailFacts(DETAILS, 3, None, None, None, is_open=True)


def settings_of(facts: JailFacts) -> dict[str, SettingRow]:
    view = build_jail(facts, NOW, ())
    return {row.name: row for section in view.sections for row in section.rows}


def test_settings_that_this_fail2ban_does_not_tell_are_left_out() -> None:
    assert set(settings_of(FACTS)) == set(VALUES)
    assert set(settings_of(replace(FACTS, is_open=False))) == set(VALUES) - {"ignorecommand"}


def test_only_what_can_be_changed_has_a_form_and_only_for_who_may() -> None:
    rows = settings_of(FACTS)
    assert {name for name, row in rows.items() if row.is_changeable} == {"maxretry", "bantime", "ignoreself", "usedns"}
    assert not any(row.is_changeable for row in settings_of(replace(FACTS, is_open=False)).values())
    assert (rows["bantime"].words, rows["bantime"].typed) == ("for ever", "for ever")
    assert [(choice.value, choice.is_chosen) for choice in rows["ignoreself"].choices] == [("on", True), ("off", False)]
    assert [choice.value for choice in rows["usedns"].choices if choice.is_chosen] == ["no"]


def test_what_was_tried_stays_in_its_field() -> None:
    rows = settings_of(replace(FACTS, tried=Tried("maxretry", "many", InvalidInput("'many' is no number"))))
    assert (rows["maxretry"].typed, rows["maxretry"].problem) == ("many", "'many' is no number.")
    assert rows["maxretry"].words == "5"
    assert rows["bantime"].problem == ""


def test_actions_have_commands_only_where_they_may_be_seen() -> None:
    action = ActionDetails("nftables", (("actionban", "nft"),), 60)
    assert build_jail(replace(FACTS, actions=(action,)), NOW, ()).actions == (action,)
    assert build_jail(FACTS, NOW, ()).actions == (ActionDetails("nftables", (), None),)


def test_the_allow_list_is_linked_where_there_is_one() -> None:
    assert build_jail(FACTS, NOW, ()).allow_path == ""
    assert build_jail(FACTS, NOW, {"/allow-list"}).allow_path == "/allow-list?jail=sshd"


def test_a_log_file_leads_to_its_lines_for_those_who_may_follow_them() -> None:
    path = "/var/log/auth.log"
    assert build_jail(FACTS, NOW, {"/log"}).files == (WatchedFile(path, f"/log?file={log_key(path)}"),)
    assert build_jail(FACTS, NOW, ()).files == (WatchedFile(path, ""),)
    assert build_jail(replace(FACTS, is_open=False), NOW, {"/log"}).files == (WatchedFile(path, ""),)


def past_of(name: str) -> JailPast:
    span = span_back(SPANS[name], MOMENT)
    length = span.step * 1000
    starts = tuple(range(span.since // length * length, span.until, length))
    counts = (*(0,) * (len(starts) - 1), 7)
    failures = TimeChart(span, Metric.FAILURES, starts, (JailCounts("sshd", counts, 7),))
    bans = TimeChart(span, Metric.BANS, starts, ())
    rows = (TopRow("203.0.113.7", 0, 3, 0, 0), TopRow(None, 0, 2, 0, 0), TopRow("", 0, 1, 0, 0))
    facts = PastFacts(name, {Metric.FAILURES: failures, Metric.BANS: bans}, FailingNow(0, rows))
    past = build_jail(replace(FACTS, past=facts), NOW, ()).past
    assert past is not None
    return past


@pytest.mark.parametrize("name", list(RANGES))
def test_the_past_has_two_charts_and_the_same_as_rows(name: str) -> None:
    past = past_of(name)
    assert [(chart.key, chart.total, chart.peak) for chart in past.charts] == [("failure", 7, 7), ("ban", 0, 0)]
    assert [(row.failures, row.bans) for row in past.rows] == [(7, 0)]
    assert past.is_daily is (name == "30d")
    assert [choice.is_chosen for choice in past.ranges] == [one == name for one in RANGES]
    assert [(row.id, row.failures) for row in past.failing] == [("203.0.113.7", 3), ("", 1)]


def test_a_history_that_cannot_be_asked_says_why() -> None:
    facts = replace(FACTS, past=PastFacts("24h", trouble=OperationRefused("it is busy", "wait")))
    past = build_jail(facts, NOW, ()).past
    assert past is not None
    assert (past.problem, past.hint, past.charts) == ("It is busy.", "Wait.", ())


def test_every_setting_finds_its_section() -> None:
    details = replace(DETAILS, values=dict.fromkeys(JAIL_SETTINGS, ""))
    assert set(settings_of(replace(FACTS, details=details))) == set(JAIL_SETTINGS)
