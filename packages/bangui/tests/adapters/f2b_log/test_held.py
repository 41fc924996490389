from __future__ import annotations

import json

import pytest

from bangui.adapters.f2b_log.held import GAP, GAP_IN_RELOAD, LONGEST_ID, MOST, HeldUnban, HeldUnbans, load_unban
from bangui.domain.history import EventKind
from packages.bangui.tests.adapters.f2b_log.made_log import MadeLog, Told, events_of, local, observe, told

BAN, UNBAN, REPEAL, RESTORE = EventKind.BAN, EventKind.UNBAN, EventKind.REPEAL, EventKind.RESTORE


def test_what_is_held_is_given_back_by_jail_in_its_order() -> None:
    held = HeldUnbans()
    assert not held
    for time, jail in enumerate(["a", "b", "a"]):
        assert held.hold(jail, HeldUnban(f"id{time}", time, 0)) is None
    assert held.newest == 2
    assert [unban.id for unban in held.take("a")] == ["id0", "id2"]
    assert held.take("a") == []
    assert [(jail, unban.id) for jail, unban in held.take_all()] == [("b", "id1")]
    assert not held
    assert held.newest == 0


def test_the_last_one_of_a_jail_decides_whether_all_of_them_are_old() -> None:
    held = HeldUnbans()
    for time, jail in [(1, "a"), (2, "b"), (9, "a")]:
        held.hold(jail, HeldUnban("x", time, 0))
    assert [jail for jail, _ in held.take_older(5)] == ["b"]
    assert len(held.take("a")) == 2


def test_only_so_many_are_held_and_the_oldest_of_the_same_jail_goes() -> None:
    held = HeldUnbans()
    for time in range(MOST - 1):
        assert held.hold("a", HeldUnban(str(time), time, 0)) is None
    assert held.hold("b", HeldUnban("first of b", MOST, 0)) is None
    assert held.hold("a", HeldUnban("one more", MOST, 0)) == HeldUnban("0", 0, 0)
    assert held.hold("c", HeldUnban("first of c", MOST, 0)) == HeldUnban("first of c", MOST, 0)
    assert len(list(held.take_all())) == MOST


def test_an_id_of_any_length_is_not_held() -> None:
    long = HeldUnban("x" * (LONGEST_ID + 1), 1, 0)
    held = HeldUnbans()
    assert held.hold("a", long) == long
    assert not held


def test_a_dump_holds_everything() -> None:
    held = HeldUnbans()
    held.hold("a", HeldUnban("\udcff\0", 1, 2))
    held.hold("b", HeldUnban("x", 3, 0))
    again = HeldUnbans(json.loads(json.dumps(held.dump())))
    assert list(again.take_all()) == [("a", HeldUnban("\udcff\0", 1, 2)), ("b", HeldUnban("x", 3, 0))]


def test_what_is_no_unban_is_refused() -> None:
    with pytest.raises(ValueError, match="holds an unban that is none"):
        load_unban(["x", "y", 0])
    assert not HeldUnbans({"a": None, "b": []})


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
    set_back = events_of(log)
    set_back.settle(-GAP - 2_000)
    assert not set_back.is_waiting
    assert events.ready[-1].kind is UNBAN
    again = events_of(log)
    log.lines.clear()
    log.wait(GAP + 1)
    log.say("server", "some other message")
    events_of(log, again)
    assert not again.is_waiting
