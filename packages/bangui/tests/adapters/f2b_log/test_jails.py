from __future__ import annotations

import json

from bangui.adapters.f2b_log.jails import LoggedJails
from bangui.adapters.f2b_log.message import parse_steering


def tell(jails: LoggedJails, *messages: str) -> LoggedJails:
    for message in messages:
        steering = parse_steering(message)
        assert steering is not None, message
        jails.steer(steering)
    return jails


def test_a_ban_time_belongs_to_the_jail_that_was_named_before_it() -> None:
    jails = tell(
        LoggedJails(),
        "Creating new jail 'a'",
        "banTime: 600",
        "Creating new jail 'b'",
        "banTime: -1",
        "Creating new jail 'c'",
        "Jail 'a' started",
    )
    assert [jails.ban_time(jail) for jail in "abc"] == [600, -1, None]


def test_a_ban_time_that_is_set_while_the_jails_run_could_be_that_of_any() -> None:
    jails = tell(LoggedJails(), "Creating new jail 'a'", "banTime: 600", "Jail 'a' started", "banTime: 5")
    assert jails.ban_time("a") is None
    assert tell(jails, "Reload jail 'a'", "banTime: 7", "Jail 'a' reloaded").ban_time("a") == 7


def test_a_ban_time_that_is_no_number_is_not_known() -> None:
    assert tell(LoggedJails(), "Creating new jail 'a'", "banTime: 1e9").ban_time("a") is None
    assert tell(LoggedJails(), "Creating new jail 'a'", f"banTime: {'9' * 30}").ban_time("a") is None


def test_each_start_of_a_jail_is_another_run_and_the_daemon_begins_anew() -> None:
    jails = LoggedJails()
    runs = [jails.run_of("a")]
    for _ in range(2):
        tell(jails, "Creating new jail 'a'")
        runs.append(jails.run_of("a"))
    assert runs == [0, 1, 2]
    jails.begin_run()
    assert (jails.run_of("a"), jails.ban_time("a")) == (0, None)


def test_jails_are_stopping_until_all_of_them_have_and_reloading_until_that_is_over() -> None:
    jails = tell(LoggedJails(), "Reload all jails", "Stopping all jails")
    assert (jails.are_reloading, jails.are_stopping) == (True, True)
    tell(jails, "Jail 'a' stopped")
    assert jails.are_stopping
    tell(jails, "Creating new jail 'a'")
    assert (jails.are_reloading, jails.are_stopping) == (True, False)
    tell(jails, "Reload finished.")
    assert not jails.are_reloading
    tell(jails, "Stopping all jails", "Exiting Fail2ban")
    assert not jails.are_stopping


def test_a_name_that_would_end_too_early_in_a_message_is_remembered_but_not_any_number_of_them() -> None:
    jails = tell(LoggedJails(), "Creating new jail 'a] b'", "Creating new jail 'a]b'")
    assert jails.odd == ("a] b",)
    for number in range(100):
        tell(jails, f"Creating new jail '] {number}'")
    assert len(jails.odd) == 32


def test_a_log_that_makes_up_jails_without_end_is_not_followed() -> None:
    jails = LoggedJails()
    for number in range(3_000):
        tell(jails, f"Creating new jail '{number}'", "banTime: 5")
    tell(jails, f"Creating new jail '{'x' * 10_000}'", "banTime: 5")
    assert len(json.dumps(jails.dump())) < 40_000


def test_a_dump_holds_everything() -> None:
    jails = tell(LoggedJails(), "Creating new jail 'a] b'", "banTime: 600", "Reload all jails", "Stopping all jails")
    again = LoggedJails(json.loads(json.dumps(jails.dump())))
    assert again.dump() == jails.dump()
    tell(again, "banTime: 7")
    assert again.ban_time("a] b") == 7
    assert LoggedJails(["nothing of ours"]).dump() == {}
