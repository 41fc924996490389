from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bangui.adapters.f2b_log.events import LogEvents
from bangui.adapters.f2b_log.line import parse_line
from bangui.domain.history import PERMANENT, EventKind, Observation, Source
from packages.bangui.tests.adapters.f2b_log.made_log import START, MadeLog, Told, local, observe, random_log, told

FAILURE, BAN, UNBAN, PROLONG = EventKind.FAILURE, EventKind.BAN, EventKind.UNBAN, EventKind.PROLONG
SECOND = START  # a whole one


def test_a_failure_has_the_time_of_its_entry_and_its_number_within_that_second() -> None:
    log = MadeLog()
    log.wait(5_000)
    for entry in (SECOND, SECOND, SECOND + 1000, SECOND):
        log.found("sshd", "203.0.113.1", entry)
    log.found("sshd", "203.0.113.2", SECOND)
    log.found("other", "203.0.113.1", SECOND)
    failures = observe(log)
    assert {one.source for one in failures} == {Source.LOG}
    assert [(one.time - SECOND, one.ordinal) for one in failures] == [(0, 0), (0, 1), (1000, 0), (0, 2), (0, 0), (0, 0)]
    assert [one.logged for one in failures] == [START + 5_001 + n for n in range(6)]


def test_a_ban_has_the_time_of_the_last_failure_before_it_or_else_of_its_line() -> None:
    log = MadeLog()
    log.start("sshd", ban_time=600)
    log.wait(10_000)
    log.found("sshd", "x", SECOND + 3000)
    log.found("sshd", "x", SECOND + 2000)
    log.action("sshd", "Ban x")
    log.action("sshd", "Ban y")
    first, second = (one for one in observe(log) if one.kind is BAN)
    assert (first.time, first.logged, first.duration) == (SECOND + 3000, log.now - 1, 600)
    assert (second.time, second.logged, second.duration) == (log.now // 1000 * 1000, log.now, 600)


def test_a_failure_before_the_last_ban_or_unban_has_nothing_to_do_with_the_next_ban() -> None:
    log = MadeLog()
    log.wait(10_000)
    for before in ("Ban x", "Unban x"):
        log.found("sshd", "x", SECOND)
        log.action("sshd", before)
        log.wait(60_000)
        log.action("sshd", "Ban x")
        assert observe(log)[-1].time == log.now // 1000 * 1000


def test_a_failure_that_lies_in_the_future_of_the_ban_does_not_date_it() -> None:
    log = MadeLog()
    log.found("sshd", "x", SECOND + 86_400_000)
    log.action("sshd", "Ban x")
    assert observe(log)[-1].time == SECOND


def test_all_that_happens_at_its_line_has_its_time_and_a_number_where_it_is_alike() -> None:
    log = MadeLog()
    log.say("filter", "[sshd] Ignore x by ip")
    log.now -= 1
    log.say("filter", "[sshd] Ignore y by ip")
    log.now -= 1
    log.say("filter", "[sshd] Ignore x by ip")
    log.say("filter", "[sshd] Ignore x by ip")
    assert [(one.id, one.time - START, one.ordinal, one.logged) for one in observe(log)] == [
        ("x", 1, 0, None),
        ("y", 1, 0, None),
        ("x", 1, 1, None),
        ("x", 2, 0, None),
    ]


def test_the_observers_second_word_on_a_failure_is_no_second_failure() -> None:
    log = MadeLog()
    log.found("sshd", "x")
    log.say("observer", f"[sshd] Found x, bad - {local(START)}, 1 # -> 2.0, Ban")
    log.say("observer", f"[sshd] IP x is bad: 1 # last {local(START)} - incr 5s to 10.0s")
    assert told(observe(log)) == [Told(FAILURE, "sshd", "x")]


def test_the_length_of_a_longer_ban_is_exact_where_its_begin_is_known() -> None:
    log = MadeLog()
    log.found("sshd", "x", SECOND)
    log.action("sshd", "Ban x")
    log.say("observer", f"[sshd] Increase Ban x (2 # 2h 16m -> {local(SECOND + 8_163_000)})", "NOTICE")
    log.say("observer", f"[sshd] Increase Ban y (3 # 2h 16m -> {local(SECOND + 8_163_000)})", "NOTICE")
    log.say("observer", "[sshd] Increase Ban z (4 # permanent -> infinite)", "NOTICE")
    prolonged = [one for one in observe(log) if one.kind is PROLONG]
    assert [(one.id, one.count, one.duration) for one in prolonged] == [
        ("x", 2, 8_163),
        ("y", 3, 8_160),
        ("z", 4, PERMANENT),
    ]


# An entry that is read twice


@pytest.mark.parametrize("restart", ["the daemon", "the daemon, and its log does not say so", "the jail"])
def test_a_log_that_is_read_again_after_a_restart_tells_of_the_same_failures(restart: str) -> None:
    log = MadeLog()
    log.start("sshd")
    for _ in range(2):
        log.wait(3_000)
        for entry in (SECOND, SECOND, SECOND + 1000):
            log.found("sshd", "x", entry)
        if restart == "the jail":
            log.stop("sshd", [])
            log.create("sshd")
        elif restart == "the daemon":
            log.start("sshd")
        else:
            log.pid += 1
    failures = [(one.time, one.ordinal) for one in observe(log)]
    assert failures[:3] == failures[3:] == [(SECOND, 0), (SECOND, 1), (SECOND + 1000, 0)]


def test_a_restart_of_another_jail_does_not_number_the_failures_anew() -> None:
    log = MadeLog()
    log.found("sshd", "x", SECOND)
    log.stop("other", [])
    log.create("other")
    log.found("sshd", "x", SECOND)
    assert [one.ordinal for one in observe(log)] == [0, 1]


# The state


def test_layouts_without_any_time_are_dated_by_the_entries_that_they_tell_of() -> None:
    events = LogEvents("h", lambda: START / 1000)
    for line in (
        "fail2ban.actions        [7]: NOTICE  [sshd] Ban early",
        f"fail2ban.filter         [7]: INFO    [sshd] Found x - {local(SECOND)}",
        "fail2ban.actions        [7]: NOTICE  [sshd] Ban x",
        f" + 1000 7F46A5245040 fail2ban.filter           INFO  [sshd] Found y - {local(SECOND)}",
        " + 1500 7F46A5245040 fail2ban.actions          NOTIC [sshd] Unban y",
    ):
        parsed = parse_line(line.encode())
        assert parsed is not None
        events.feed(parsed)
    events.settle(10**9)
    assert [(one.kind, one.id, one.time - SECOND) for one in events.ready] == [
        (FAILURE, "x", 0),
        (BAN, "x", 0),
        (FAILURE, "y", 0),
        (UNBAN, "y", 500),
    ]


def test_an_entry_whose_time_no_calendar_has_is_as_old_as_its_line() -> None:
    log = MadeLog()
    log.say("filter", "[sshd] Found x - 2026-02-30 00:00:00")
    assert observe(log)[0].time == SECOND


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 10_000), max_size=60), st.data())
def test_wherever_the_state_is_laid_down_and_taken_up_the_observations_are_the_same(
    numbers: list[int], data: st.DataObject
) -> None:
    log = random_log(numbers)
    whole = observe(log)
    cuts = set(data.draw(st.lists(st.integers(0, max(0, len(log.lines) - 1)), max_size=8)))
    events = LogEvents("h", lambda: log.now / 1000)
    found: list[Observation] = []
    for index, line in enumerate(log.lines):
        if index in cuts:
            # A part of what is ready is taken away, the rest is part of the state.
            found += events.ready[:1]
            del events.ready[:1]
            events = LogEvents("h", lambda: log.now / 1000, json.loads(json.dumps(events.dump())))
        parsed = parse_line(line.encode("utf-8", "surrogateescape"))
        assert parsed is not None
        events.feed(parsed)
    events.settle(10**9)
    assert found + events.ready == whole


def test_a_state_that_holds_something_else_is_refused() -> None:
    for state in ({"held": {"a": [["x"]]}}, {"ready": [["ban"]]}):
        with pytest.raises(ValueError, match="a cursor holds"):
            LogEvents("h", lambda: 0.0, state)
