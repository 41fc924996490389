from __future__ import annotations

from dataclasses import replace

from bangui.domain.errors import OperationRefused
from bangui.domain.jails import JailCounters, JailRule
from bangui.services.jail_days import HOURS, JailDay
from bangui.web.jails_view import JailsFacts, build_jails
from packages.bangui.tests.filled_history import NOW
from packages.bangui.tests.web.scripted import make_snapshot, never_asked

JAILS = (JailCounters("h", "app", 0, 0, 0, 0), JailCounters("h", "sshd", 1, 2, 3, 4))
SNAPSHOT = replace(make_snapshot(jails=(), now=NOW), jails=JAILS)


def test_each_jail_has_what_is_known_of_it() -> None:
    day = JailDay((*(0,) * (HOURS - 1), 7), (*(0,) * (HOURS - 1), 2))
    facts = JailsFacts(
        SNAPSHOT,
        {"sshd": JailRule("h", "sshd", 5, 600, 600, grows=False)},
        {"sshd": int(NOW.timestamp() * 1000)},
        {"sshd": day},
    )
    app, sshd = build_jails(facts, NOW).rows
    assert (app.rule, app.paused_at) == (None, None)
    assert app.spark is not None
    assert (app.spark.failures, app.spark.bans) == (0, 0)
    assert sshd.rule == "5 failures within 10m: banned for 10m"
    assert sshd.paused_at == NOW
    assert sshd.spark is not None
    assert (sshd.spark.failures, sshd.spark.bans, len(sshd.spark.bars)) == (7, 2, HOURS)
    assert sshd.spark.bars[-1].start == NOW.replace(minute=0, second=0, microsecond=0)
    assert sshd.tone != app.tone


def test_without_a_history_there_is_no_day() -> None:
    assert [row.spark for row in build_jails(JailsFacts(SNAPSHOT), NOW).rows] == [None, None]


def test_what_is_wrong_is_a_sentence() -> None:
    view = build_jails(JailsFacts(SNAPSHOT, trouble=OperationRefused("it said no", "ask again")), NOW)
    assert (view.problem, view.hint) == ("It said no.", "Ask again.")


def test_before_the_daemon_was_asked_no_numbers_have_an_age() -> None:
    assert build_jails(JailsFacts(never_asked(NOW)), NOW).taken_at is None
    assert build_jails(JailsFacts(SNAPSHOT), NOW).taken_at == SNAPSHOT.taken_at
