from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from bangui.domain.collection import CollectorState, SourceState
from bangui.domain.last_day import Record
from bangui.web.day import build_day
from packages.bangui.tests.web.scripted import few_bans, make_day, with_record

READ = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)


def remarks(*sources: SourceState, problem: str | None = None, hint: str | None = None) -> list[str]:
    view = build_day(Record(None, CollectorState("web-1", sources, problem, hint)))
    return [f"{remark.text} {remark.hint}".rstrip() for remark in view.remarks]


def test_who_was_banned_most_leads_to_their_bans_or_to_their_own_page() -> None:
    countries, networks, addresses, jails = build_day(Record(make_day())).rankings
    assert (countries.rows[0].text, countries.rows[0].path) == ("China", "/history?kind=ban&country=CN&since=24h")
    assert networks.rows[-1].text == "AS4138"
    assert networks.rows[-1].path == "/history?kind=ban&network=AS4138&since=24h"
    assert addresses.rows[0].path == "/address?id=203.0.113.45"
    assert (jails.rows[0].text, jails.rows[0].path) == ("sshd", "/history?kind=ban&jail=sshd&since=24h")


def test_an_id_that_no_address_of_a_page_can_name_is_no_link() -> None:
    day = make_day()
    empty = replace(day.addresses[0], key="")
    assert build_day(Record(replace(day, addresses=(empty,)))).rankings[2].rows[0].path is None


def test_a_day_without_bans_has_no_rankings_to_show() -> None:
    record = with_record(few_bans(), quiet=True).record
    assert record is not None
    assert not build_day(record).has_bans


def test_whoever_the_places_come_from_is_credited_once() -> None:
    record = with_record(few_bans()).record
    assert record is not None
    twice = replace(record, credits=record.credits * 2)
    assert build_day(twice).credits == ("Networks: made up, 2026-11-01 (public domain): made-up networks",)


def test_nothing_is_remarked_while_all_is_well() -> None:
    assert remarks(SourceState("database", READ), SourceState("log", READ)) == []


def test_what_is_wrong_with_the_record_is_said_with_what_to_do() -> None:
    assert remarks(SourceState("log", READ), problem="the disk is full", hint="make room") == [
        "Nothing is recorded at the moment: the disk is full. What happens meanwhile is made up for later. make room"
    ]
    assert remarks(SourceState("database", READ, problem="permission denied", hint="use sudo")) == [
        "fail2ban's database cannot be read: permission denied. use sudo"
    ]
    assert remarks(SourceState("log", None, done=43, total=100)) == [
        "fail2ban's log is being read for the first time: 43 % done."
    ]
    assert "start BanGUI with sudo" in remarks()[0]


def test_a_history_that_cannot_be_read_keeps_showing_the_last_day_known() -> None:
    view = build_day(Record(make_day(), problem="the history is damaged", hint="it is being repaired"))
    assert view.has_bans
    assert view.remarks[0].text == "The history cannot be read: the history is damaged."
