from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bangui.adapters.f2b_log.events import LogEvents
from bangui.adapters.f2b_log.held import GAP, GAP_IN_RELOAD, MOST
from bangui.adapters.f2b_log.line import parse_line
from bangui.domain.history import PERMANENT, EventKind, Observation, Source
from packages.bangui.tests.adapters.f2b_log.made_log import START, MadeLog, Told, local, random_log, told

FAILURE, BAN, UNBAN, RESTORE = EventKind.FAILURE, EventKind.BAN, EventKind.UNBAN, EventKind.RESTORE
REPEAL, PROLONG, IGNORED = EventKind.REPEAL, EventKind.PROLONG, EventKind.IGNORED
SECOND = START  # a whole one


def events_of(log: MadeLog, events: LogEvents | None = None) -> LogEvents:
    events = events or LogEvents("h", lambda: log.now / 1000)
    for line in log.lines:
        parsed = parse_line(line.encode("utf-8", "surrogateescape"))
        if parsed is not None:
            events.feed(parsed)
    return events


def observe(log: MadeLog) -> list[Observation]:
    events = events_of(log)
    events.settle(10**9)
    return events.ready


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


# Whether an unban is one. The versions that write "Unban" for both are 0.11.2, 1.0.2 and 1.1.0.


def banned(*ids: str, version: str = "1.0.2", jail: str = "sshd") -> MadeLog:
    log = MadeLog(version)
    log.start(jail, "other")
    for id in ids:
        log.action(jail, f"Ban {id}")
    log.wait(10_000)
    return log


def ends(log: MadeLog) -> list[tuple[EventKind, str]]:
    return [(one.kind, one.id) for one in observe(log) if one.kind in {UNBAN, REPEAL}]


@pytest.mark.parametrize("version", ["0.11.2", "1.0.2", "1.1.0", "1.1.1"])
@pytest.mark.parametrize("reads_files", [True, False])
def test_a_jail_that_stops_suspends_its_bans(version: str, reads_files: bool) -> None:
    log = banned("a", "b", version=version)
    log.stop("sshd", ["a", "b"], reads_files=reads_files)
    assert ends(log) == [(REPEAL, "a"), (REPEAL, "b")]


@pytest.mark.parametrize("version", ["0.11.2", "1.0.2", "1.1.0", "1.1.1"])
def test_a_daemon_that_stops_suspends_all_bans_however_long_its_actions_take(version: str) -> None:
    log = banned("a", "b", version=version)
    log.say("server", "Stopping all jails")
    for id in ("a", "b"):
        log.wait(GAP * 5)
        log.action("sshd", f"Repeal Ban {id}" if version == "1.1.1" else f"Unban {id}")
    log.wait(GAP * 5)
    log.say("jail", "Jail 'sshd' stopped")
    log.say("server", "Exiting Fail2ban")
    assert ends(log) == [(REPEAL, "a"), (REPEAL, "b")]


def test_an_unban_with_nothing_around_it_is_one() -> None:
    log = banned("a", "b")
    log.action("sshd", "Unban a")
    assert ends(log) == [(UNBAN, "a")]
    log.wait(GAP + 1)
    log.stop("sshd", ["b"])
    assert ends(log) == [(UNBAN, "a"), (REPEAL, "b")]


def test_an_unban_just_before_a_jail_that_reads_files_stops_is_one() -> None:
    log = banned("a", "b")
    log.action("sshd", "Unban a")
    log.stop("sshd", ["b"])
    assert ends(log) == [(UNBAN, "a"), (REPEAL, "b")]


def test_a_restart_that_lifts_the_bans_first_lifts_them() -> None:
    log = banned("a", "b")
    log.say("server", "Reload jail sshd")
    log.action("sshd", "Unban a")
    log.action("sshd", "Unban b")
    log.stop("sshd", [])
    assert ends(log) == [(UNBAN, "a"), (UNBAN, "b")]


def test_an_unban_before_something_that_a_stopping_jail_does_not_do_is_one() -> None:
    for message in ("Found x - ", "Ignore x by ip"):
        log = banned("a", jail="journal")
        log.action("journal", "Unban a")
        log.say("filter", f"[journal] {message}{local(log.now) if message.endswith(' ') else ''}")
        log.stop("journal", [], reads_files=False)
        assert ends(log) == [(UNBAN, "a")]


def test_the_observer_may_speak_while_a_jail_stops() -> None:
    log = banned("a")
    log.say("filter", "Removed logfile: '/var/log/sshd.log'")
    log.action("sshd", "Flush ticket(s) with nftables")
    log.action("sshd", "Unban a")
    log.say("observer", f"[sshd] Increase Ban a (2 # 10s -> {local(log.now)})", "NOTICE")
    log.say("jail", "Jail 'sshd' stopped")
    assert ends(log) == [(REPEAL, "a")]


def test_a_jail_that_stops_says_nothing_about_the_unbans_of_another() -> None:
    log = banned("a")
    log.action("other", "Unban x")
    log.action("sshd", "Unban a")
    log.say("jail", "Jail 'sshd' stopped")
    assert ends(log) == [(REPEAL, "a"), (UNBAN, "x")]


def test_while_a_reload_runs_a_jail_may_take_longer_to_stop() -> None:
    log = banned("a", "b")
    log.say("server", "Reload all jails")
    log.say("filter", "Removed logfile: '/var/log/sshd.log'")
    log.action("sshd", "Unban a")
    log.wait(GAP_IN_RELOAD - 1_000)
    log.action("sshd", "Unban b")
    log.wait(GAP_IN_RELOAD - 1_000)
    log.say("jail", "Jail 'sshd' stopped")
    log.say("server", "Reload finished.")
    log.action("other", "Unban x")
    assert ends(log) == [(REPEAL, "a"), (REPEAL, "b"), (UNBAN, "x")]


def test_more_bans_than_can_be_held_are_suspended_all_the_same_when_the_jail_is_seen_to_stop() -> None:
    ids = [str(number) for number in range(MOST * 3)]
    log = banned(*ids)
    log.stop("sshd", ids)
    assert ends(log) == [(REPEAL, id) for id in ids]


def test_more_unbans_than_can_be_held_are_unbans_where_nothing_stops() -> None:
    ids = [str(number) for number in range(MOST * 3)]
    log = banned(*ids)
    for id in ids:
        log.action("sshd", f"Unban {id}")
    assert ends(log) == [(UNBAN, id) for id in ids]


def test_what_was_not_written_to_1_1_1_is_never_held() -> None:
    log = banned("a", version="1.1.1")
    log.action("sshd", "Unban a")
    events = events_of(log)
    assert not events.is_waiting
    assert told(events.ready)[-1] == Told(UNBAN, "sshd", "a")


def test_a_version_on_the_way_to_1_1_1_is_known_by_what_it_says() -> None:
    log = banned("a", "b", version="1.1.1.dev1")
    log.action("sshd", "Unban a")
    assert events_of(log).is_waiting
    log.action("sshd", "Repeal Ban b")
    log.action("sshd", "Unban b")
    assert not events_of(log).is_waiting


def test_without_messages_of_level_info_a_daemon_that_is_back_at_once_tells_that_it_was_a_stop() -> None:
    log = MadeLog()
    log.action("sshd", "Ban a")
    log.action("sshd", "Unban a")
    log.wait(1_000)
    log.pid += 1
    log.action("sshd", "Restore Ban a")
    assert [one.kind for one in observe(log)] == [BAN, REPEAL, RESTORE]


def test_a_daemon_that_was_killed_has_not_suspended_what_it_unbanned_before() -> None:
    log = banned("a")
    log.action("sshd", "Unban a")
    log.start("sshd")
    assert ends(log) == [(UNBAN, "a")]


def test_what_is_held_waits_for_a_line_of_the_log_or_for_silence() -> None:
    log = banned("a")
    log.action("sshd", "Unban a")
    events = events_of(log)
    waiting = []
    for quiet in (GAP, GAP + 2_000):
        events.settle(quiet)
        waiting.append(events.is_waiting)
    assert waiting == [True, False]
    assert events.ready[-1].kind is UNBAN
    again = events_of(log)
    log.lines.clear()
    log.wait(GAP + 1)
    log.say("server", "some other message")
    events_of(log, again)
    assert not again.is_waiting


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
