from __future__ import annotations

from pathlib import Path

import pytest

from bangui.domain.source_plan import SourcePlan, encode_plan, recall_plan

DATABASE = Path("/var/lib/fail2ban/fail2ban.sqlite3")
LOG = Path("/var/log/fail2ban.log")


def test_where_all_can_be_read_one_line_says_so() -> None:
    plan = SourcePlan(database=DATABASE, log=LOG)
    assert plan.in_words() == (f"history: fail2ban's database ({DATABASE}), its log ({LOG}); failures: from the log",)
    assert plan.has_log


def test_a_log_in_the_journal_is_named() -> None:
    plan = SourcePlan(database=DATABASE, reads_journal=True)
    assert plan.in_words() == (f"history: fail2ban's database ({DATABASE}), its journal; failures: from the journal",)
    assert plan.has_log


def test_what_is_not_read_is_told_with_the_reason() -> None:
    plan = SourcePlan(database_problem="run as root", log_problem="run as root, too", was_asked=False)
    assert plan.in_words() == (
        "history: only what fail2ban's socket shows; failures: not seen",
        "fail2ban's database is not read: run as root",
        "fail2ban's log is not read: run as root, too",
        "fail2ban did not answer: these are the places that it named last, or its usual ones",
    )
    assert not plan.has_log
    assert all("nobody has looked" in line for line in SourcePlan().in_words()[1:])


def test_the_places_that_a_daemon_named_are_remembered_for_when_it_is_away() -> None:
    told = SourcePlan(database=Path("/srv/f2b.sqlite3"), log=Path("/srv/f2b.log"))
    away = SourcePlan(database=None, database_problem="there is none", was_asked=False)
    recalled = recall_plan(away, encode_plan(told))
    assert (recalled.database, recalled.log, recalled.was_asked) == (told.database, told.log, False)
    assert recall_plan(told, encode_plan(away)) is told


@pytest.mark.parametrize("remembered", [None, "", "[]", "{}", '{"database": 1}', "null"])
def test_what_cannot_be_remembered_changes_nothing(remembered: str | None) -> None:
    away = SourcePlan(database=DATABASE, was_asked=False)
    assert recall_plan(away, remembered) is away
