from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bangui.adapters.f2b_log.clock import LogClock


@pytest.fixture(autouse=True)
def _berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def clock(today: str = "2026-11-25 12:00:00") -> LogClock:
    return LogClock(lambda: at(today) / 1000)


def test_a_local_time_is_that_of_this_machine() -> None:
    assert clock().instant("2026-11-23 09:35:14,459") == at("2026-11-23 08:35:14.459")
    assert clock().instant("2026-07-01 09:35:14,001") == at("2026-07-01 07:35:14.001")


def test_the_hour_that_summer_time_repeats_goes_on_where_the_log_has_gone_past_it() -> None:
    # On 25 October 2026 at 3:00 it was 2:00 again.
    one = clock()
    times = [
        "01:59:59,900",
        "02:00:01,000",
        "02:30:00,000",
        "02:59:59,999",
        "02:00:00,500",
        "02:30:00,000",
        "03:00:00,000",
    ]
    assert [one.instant(f"2026-10-25 {time}") for time in times] == [
        at("2026-10-24 23:59:59.900"),
        at("2026-10-25 00:00:01.000"),
        at("2026-10-25 00:30:00.000"),
        at("2026-10-25 00:59:59.999"),
        at("2026-10-25 01:00:00.500"),
        at("2026-10-25 01:30:00.000"),
        at("2026-10-25 02:00:00.000"),
    ]


def test_lines_of_two_threads_that_are_out_of_order_do_not_end_the_first_of_the_two_hours() -> None:
    one = clock()
    assert one.instant("2026-10-25 02:30:00,010") == at("2026-10-25 00:30:00.010")
    assert one.instant("2026-10-25 02:29:59,990") == at("2026-10-25 00:29:59.990")


def test_what_was_learnt_of_the_repeated_hour_is_handed_on() -> None:
    one = clock()
    one.instant("2026-10-25 02:50:00,000")
    other = LogClock(lambda: 0.0, one.dump())
    assert other.instant("2026-10-25 02:10:00,000") == at("2026-10-25 01:10:00")


def test_a_clock_that_was_set_back_or_forward_is_believed() -> None:
    one = clock()
    assert one.instant("2026-11-23 09:35:14,459") == at("2026-11-23 08:35:14.459")
    assert one.instant("2026-11-22 09:35:14,459") == at("2026-11-22 08:35:14.459")
    assert one.instant("2027-01-22 09:35:14,459") == at("2027-01-22 08:35:14.459")


def test_a_log_entry_of_the_repeated_hour_is_the_newest_that_the_daemon_can_have_read() -> None:
    one = clock()
    assert one.entry("2026-10-25 02:30:00", at("2026-10-25 00:30:01")) == at("2026-10-25 00:30:00")
    assert one.entry("2026-10-25 02:30:00", at("2026-10-25 01:30:00")) == at("2026-10-25 01:30:00")
    assert one.entry("2026-10-25 02:30:00", at("2026-10-25 09:00:00")) == at("2026-10-25 01:30:00")


def test_syslog_keeps_the_year_to_itself_and_it_is_the_newest_one_at_first_and_then_the_nearest() -> None:
    one = clock(today="2027-01-02 12:00:00")
    assert one.instant("Dec 31 23:59:58") == at("2026-12-31 22:59:58")
    assert one.instant("Jan  1 00:00:02") == at("2026-12-31 23:00:02")
    assert one.instant("Dec 31 23:59:59") == at("2026-12-31 22:59:59")
    # A log of last summer, read in winter.
    assert clock(today="2027-01-02 12:00:00").instant("Jul  1 12:00:00") == at("2026-07-01 10:00:00")
    assert clock(today="2028-03-02 12:00:00").instant("Feb 29 12:00:00") == at("2028-02-29 11:00:00")


def test_a_time_with_its_zone_is_taken_at_its_word() -> None:
    assert clock().instant("2026-11-23T09:35:14.459123+05:30") == at("2026-11-23 04:05:14.459")
    assert clock().instant("2026-11-23T09:35:14Z") == at("2026-11-23 09:35:14")
    assert clock().instant("2026-11-23T09:35:14+0100") == at("2026-11-23 08:35:14")


@pytest.mark.parametrize(
    "stamp",
    [
        "2026-13-23 09:35:14,459",
        "2026-02-30 09:35:14,459",
        "0000-01-01 00:00:00,000",
        "Feb 30 09:35:14",
        "Foo 12 09:35:14",
    ],
)
def test_a_time_that_does_not_exist_is_none(stamp: str) -> None:
    assert clock().instant(stamp) is None


def test_a_log_entry_that_no_calendar_has_is_none() -> None:
    assert clock().entry("2026-02-30 09:35:14", None) is None
    assert clock().entry("0000-00-00 00:00:00", 5) is None


def test_milliseconds_since_the_start_count_from_the_latest_start_that_the_entries_allow() -> None:
    one = clock()
    assert one.instant("+1000") is None
    one.learn("+1000", at("2026-11-23 08:00:01"))
    assert one.instant("+1500") == at("2026-11-23 08:00:01.500")
    one.learn("+3500", at("2026-11-23 08:00:04"))
    assert one.instant("+4000") == at("2026-11-23 08:00:04.500")
    one.learn("+9000", at("2026-11-23 08:00:01"))  # an old entry, read late
    assert one.instant("+4000") == at("2026-11-23 08:00:04.500")
    assert LogClock(lambda: 0.0, one.dump()).instant("+4000") == at("2026-11-23 08:00:04.500")
    one.forget_start()
    assert one.instant("+4000") is None


def test_without_any_time_a_line_is_as_old_as_the_newest_entry_before_it() -> None:
    one = clock()
    assert one.instant("") is None
    one.learn("", at("2026-11-23 08:00:01"))
    one.learn("", at("2026-11-23 07:00:00"))
    assert one.instant("") == at("2026-11-23 08:00:01")


def test_a_dump_that_is_none_of_ours_is_as_good_as_no_dump() -> None:
    assert LogClock(lambda: 0.0, {"last": "x", "zero": True, "entry": None}).dump() == {}
