from __future__ import annotations

from pathlib import Path

from bangui.domain.source_plan import SourcePlan

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
        "fail2ban did not answer: these are its usual places",
    )
    assert not plan.has_log
    assert all("nobody has looked" in line for line in SourcePlan().in_words()[1:])
