import pytest

from bangui.domain.snapshot import Snapshot
from bangui.web.contexts import EmptyReason, OverviewView
from bangui.web.keys import row_key
from bangui.web.overview import LISTED, build_overview
from packages.bangui.tests.web.scripted import NOW, away, few_bans, make_ban, make_snapshot, many_bans, never_asked


def view_of(snapshot: Snapshot) -> OverviewView:
    return build_overview(snapshot, state="run-1", now=NOW)


@pytest.mark.parametrize(
    ("snapshot", "reason"),
    [
        (never_asked(), EmptyReason.NOTHING_KNOWN),
        (away(never_asked()), EmptyReason.NOTHING_KNOWN),
        (make_snapshot(jails=()), EmptyReason.NO_JAIL),
        (make_snapshot(unlisted={"recidive": 9000}), EmptyReason.UNLISTED),
        (make_snapshot(failures=0), EmptyReason.NO_FAILURE),
        (make_snapshot(), EmptyReason.NO_BAN),
        (few_bans(), None),
    ],
)
def test_knows_why_there_is_nothing_to_show(snapshot: Snapshot, reason: EmptyReason | None) -> None:
    assert view_of(snapshot).bans.empty is reason


def test_numbers_of_a_daemon_that_never_answered_do_not_exist() -> None:
    assert view_of(never_asked()).taken_at is None
    assert view_of(away(few_bans())).taken_at == NOW


def test_totals_are_the_sums_over_the_jails() -> None:
    view = view_of(few_bans())
    assert view.totals.currently_banned == 8
    assert view.totals.total_failed == sum(row.counters.total_failed for row in view.jails)


def test_each_jail_leads_to_its_own_page() -> None:
    view = view_of(few_bans())
    assert {row.counters.name: row.path for row in view.jails}["recidive"] == "/jail?name=recidive"
    assert (view.bans.rows[0].jail, view.bans.rows[0].jail_path) == ("sshd", "/jail?name=sshd")


def test_the_newest_bans_are_listed_and_lead_to_all_of_them() -> None:
    bans = view_of(many_bans(1_000)).bans
    assert (len(bans.rows), bans.path) == (LISTED, "/bans")
    assert bans.rows[0].banned_at == max(row.banned_at for row in bans.rows)


def test_jails_whose_bans_are_not_listed_are_named() -> None:
    view = view_of(make_snapshot([make_ban("192.0.2.1")], unlisted={"recidive": 12403}))
    assert [(jail.jail, jail.total) for jail in view.bans.unlisted] == [("recidive", 12403)]


def test_row_keys_tell_rows_apart_and_take_any_text() -> None:
    assert row_key("a", "bc") != row_key("ab", "c")
    assert row_key("\udc80").isalnum()
    bans = [make_ban("192.0.2.1", "sshd"), make_ban("192.0.2.1", "recidive"), make_ban("192.0.2.2", "sshd")]
    assert len({row.key for row in view_of(make_snapshot(bans)).bans.rows}) == 3
