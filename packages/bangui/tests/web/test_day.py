from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bangui.domain.collection import CollectorState, SourceState
from bangui.domain.last_day import Record
from bangui.web.day import build_day, change_in_words
from packages.bangui.tests.web.scripted import few_bans, make_day, with_record

READ = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)


def remarks(*sources: SourceState, problem: str | None = None, hint: str | None = None) -> list[str]:
    view = build_day(Record(None, CollectorState("web-1", sources, problem, hint)))
    return [f"{remark.text} {remark.hint}".rstrip() for remark in view.remarks]


def test_each_bar_leads_to_what_it_counts() -> None:
    bans, failures = build_day(Record(make_day(peak=100))).charts
    assert (bans.peak, bans.path, failures.path) == (
        100,
        "/history?kind=ban&since=24h",
        "/history?kind=failure&since=24h",
    )
    highest = max(bans.bars, key=lambda bar: bar.value)
    assert highest.height == 100
    assert highest.path == "/history?kind=ban&since=2026-11-23T03:00Z&until=2026-11-23T04:00Z"
    assert [bar.path for bar in bans.bars if not bar.value] == [None, None]


def test_the_last_bar_ends_now() -> None:
    assert (build_day(Record(make_day())).charts[0].bars[-1].path or "").endswith("until=2026-11-23T20:41Z")


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        (110, 100, "10 % more than the day before"),
        (50, 100, "50 % fewer than the day before"),
        (100, 100, "as on the day before"),
        (0, 0, "as on the day before"),
        (1001, 1000, "as on the day before"),
        (5, 0, "none the day before"),
        (0, 5, "100 % fewer than the day before"),
        (1000, 100, "10 times the day before"),
        (5, None, "the day before was not recorded"),
    ],
)
def test_the_change_is_told_in_words(now: int, before: int | None, words: str) -> None:
    assert change_in_words(now, before) == words


def test_who_was_banned_most_leads_to_their_bans_or_to_their_own_page() -> None:
    countries, networks, addresses = build_day(Record(make_day())).rankings
    assert (countries.rows[0].text, countries.rows[0].path) == ("China", "/history?kind=ban&country=CN&since=24h")
    assert networks.rows[-1].text == "AS4138"
    assert networks.rows[-1].path == "/history?kind=ban&network=AS4138&since=24h"
    assert addresses.rows[0].path == "/address?id=203.0.113.45"


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
    assert view.charts
    assert view.remarks[0].text == "The history cannot be read: the history is damaged."
