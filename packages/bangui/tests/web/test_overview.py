from dataclasses import replace

import pytest

from bangui.domain.snapshot import Snapshot
from bangui.services.ban_window import BanFilter
from bangui.web.contexts import EmptyReason, OverviewView
from bangui.web.keys import row_key
from bangui.web.overview import build_overview
from bangui.web.query import ViewQuery
from packages.bangui.tests.web.scripted import NOW, away, few_bans, make_ban, make_snapshot, never_asked


def view_of(snapshot: Snapshot, query: ViewQuery | None = None) -> OverviewView:
    return build_overview(snapshot, query or ViewQuery(), state="run-1", now=NOW, page_size=5)


def only(jail: str | None = None, text: str = "") -> ViewQuery:
    return ViewQuery(BanFilter(jail, text))


@pytest.mark.parametrize(
    ("snapshot", "query", "reason"),
    [
        (never_asked(), only(), EmptyReason.NOTHING_KNOWN),
        (away(never_asked()), only(), EmptyReason.NOTHING_KNOWN),
        (make_snapshot(jails=()), only(), EmptyReason.NO_JAIL),
        (make_snapshot(), only("gone"), EmptyReason.UNKNOWN_JAIL),
        (make_snapshot(unlisted={"recidive": 9000}), only("recidive"), EmptyReason.UNLISTED),
        (few_bans(), only(text="nobody"), EmptyReason.NO_MATCH),
        (make_snapshot(failures=0), only(), EmptyReason.NO_FAILURE),
        (make_snapshot(), only(), EmptyReason.NO_BAN),
        (few_bans(), only(), None),
    ],
)
def test_knows_why_there_is_nothing_to_show(snapshot: Snapshot, query: ViewQuery, reason: EmptyReason | None) -> None:
    assert view_of(snapshot, query).bans.empty is reason


def test_a_page_whose_bans_have_all_ended_says_so() -> None:
    first = view_of(few_bans())
    assert first.bans.older_path is not None
    beyond = replace(ViewQuery(), older=None)
    assert view_of(few_bans(), beyond).bans.empty is None


def test_numbers_of_a_daemon_that_never_answered_do_not_exist() -> None:
    assert view_of(never_asked()).taken_at is None
    assert view_of(away(few_bans())).taken_at == NOW


def test_totals_are_the_sums_over_the_jails() -> None:
    view = view_of(few_bans())
    assert view.totals.currently_banned == 8
    assert view.totals.total_failed == sum(row.counters.total_failed for row in view.jails)


def test_a_jail_leads_to_its_bans_and_the_chosen_one_leads_back() -> None:
    rows = {row.counters.name: row for row in view_of(few_bans(), only("sshd", "203")).jails}
    assert rows["recidive"].path == "/?jail=recidive&q=203"
    assert (rows["sshd"].path, rows["sshd"].is_chosen) == ("/?q=203", True)


def test_pages_lead_to_each_other() -> None:
    view = view_of(few_bans())
    assert (view.bans.first, view.bans.last, view.bans.matching) == (1, 5, 8)
    assert view.bans.newer_path is None
    assert view.bans.older_path is not None
    assert view.bans.older_path.startswith("/?older=")


def test_row_keys_tell_rows_apart_and_take_any_text() -> None:
    assert row_key("a", "bc") != row_key("ab", "c")
    assert row_key("\udc80").isalnum()
    bans = [make_ban("192.0.2.1", "sshd"), make_ban("192.0.2.1", "recidive"), make_ban("192.0.2.2", "sshd")]
    assert len({row.key for row in view_of(make_snapshot(bans)).bans.rows}) == 3
