from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bangui.domain.history_ports import StoreError, StoreTrouble
from bangui.domain.history_queries import Count, IdSummary, JailCount, TopRow
from bangui.domain.moments import milliseconds_of
from bangui.domain.snapshot import Snapshot
from bangui.domain.story import Story, Surroundings
from bangui.services.ban_days import BanDays
from bangui.services.banned_now import banned_now
from bangui.services.dossier import Dossier
from bangui.web.address_contexts import AddressView, CurrentState
from bangui.web.address_view import AddressFacts, build_address
from packages.bangui.tests.web.scripted import NOW, away, few_bans, make_ban, make_snapshot, never_asked

LAST = milliseconds_of(NOW)
SEEN = IdSummary("203.0.113.7", 12, 340, LAST - 10**9, LAST, "DE", 64_500)
ROW = TopRow("203.0.113.9", 3, 15, LAST - 10**8, LAST)
STORY = Story(
    "203.0.113.7",
    SEEN,
    (JailCount("sshd", 3, 300, LAST - 10**9, LAST), JailCount("recidive", 9, 40, LAST - 10**8, LAST)),
    (),
    has_more_bans=True,
    around=(IdSummary("203.0.113.0/24", 1, 0, LAST, LAST, "DE", 64_500),),
    subnet=Surroundings("203.0.113.0/24", Count(15, is_exact=True), (ROW,)),
    system=Surroundings("AS64500", Count(10_000, is_exact=False), (ROW,)),
    country="DE",
    network=64_500,
)
DAYS = BanDays((NOW - timedelta(days=1), NOW), (2, 0), 1, is_whole=True)


def view(
    id: str = "203.0.113.7",
    snapshot: Snapshot | None = None,
    dossier: Dossier | None = None,
    trouble: StoreError | None = None,
) -> AddressView:
    snapshot = snapshot or few_bans()
    facts = AddressFacts(id, snapshot, banned_now(snapshot, id), dossier, trouble)
    return build_address(facts, NOW, credits=("thanks",))


def test_a_ban_in_force_is_told_with_its_jail_and_its_end() -> None:
    current = view().current
    assert current.state is CurrentState.BANNED
    assert [(ban.jail, ban.is_itself, ban.ends_at is None) for ban in current.bans] == [("recidive", True, False)]
    assert (current.as_of, current.is_stale) == (NOW, False)


def test_a_network_around_it_is_named() -> None:
    (ban,) = view("198.51.100.77").current.bans
    assert (ban.is_itself, ban.id, ban.id_path) == (False, "198.51.100.0/24", "/address?id=198.51.100.0/24")


@pytest.mark.parametrize(
    ("snapshot", "state"),
    [
        (few_bans(), CurrentState.NOT_BANNED),
        (make_snapshot([make_ban("192.0.2.1")], unlisted={"recidive": 9_000}), CurrentState.NOT_FOUND),
        (never_asked(), CurrentState.UNKNOWN),
        (away(never_asked()), CurrentState.UNKNOWN),
    ],
)
def test_not_banned_is_said_only_where_it_is_known(snapshot: Snapshot, state: CurrentState) -> None:
    assert view("192.0.2.200", snapshot).current.state is state


def test_what_a_daemon_said_that_is_away_is_old() -> None:
    assert view(snapshot=away(few_bans())).current.is_stale


@pytest.mark.parametrize(
    ("id", "what"),
    [
        ("8.8.8.8", ""),
        ("192.168.1.20", "private address: only used inside local networks"),
        ("10.0.0.0/8", "private network: only used inside local networks"),
        ("::1", "loopback address: this machine itself"),
        ("nobody", "no address, but a text that fail2ban may ban all the same"),
    ],
)
def test_what_kind_of_address_it_is_is_told_in_words(id: str, what: str) -> None:
    assert view(id).what == what


@pytest.mark.parametrize(
    ("id", "hint", "path"),
    [
        ("203.0.113.7", "", None),
        ("evil text", "", None),
        ("203.0.1", "it looks like the beginning of an address", "/history?q=203.0.1"),
        ("192.0.2.1:22", "'192.0.2.1:22' has a port: bans are for whole addresses: leave the port out", None),
        ("begin*", "", None),
    ],
)
def test_a_text_that_is_nearly_an_address_says_what_could_be_meant(id: str, hint: str, path: str | None) -> None:
    found = view(id)
    assert (found.hint, found.hint_path) == (hint, path)


def test_an_address_is_shown_as_fail2ban_writes_it() -> None:
    assert view(" ::ffff:203.0.113.7 ").id == "203.0.113.7"


def test_the_summary_leads_to_what_it_counts() -> None:
    found = view(dossier=Dossier(STORY, DAYS, "EVIL-NET"))
    figures = {figure.name: figure for figure in found.figures}
    assert figures["Bans"].path == "/history?q=203.0.113.7&kind=ban"
    assert figures["Failures"].number == 340
    assert figures["Last seen"].at == NOW
    assert (found.where.country_path, found.where.network_path) == ("/history?country=DE", "/history?network=AS64500")
    assert found.where.network_name == "EVIL-NET"
    assert found.credits == ("thanks",)
    assert found.more_path == "/history?q=203.0.113.7&kind=ban"


def test_the_jails_with_the_most_bans_come_first() -> None:
    rows = view(dossier=Dossier(STORY, None, None)).jails
    assert [row.counts.jail for row in rows] == ["recidive", "sshd"]
    assert rows[0].path == "/history?q=203.0.113.7&jail=recidive"


def test_the_chart_leads_to_the_bans_of_its_days() -> None:
    chart = view(dossier=Dossier(STORY, DAYS, None)).chart
    assert chart is not None
    assert (chart.total, chart.peak) == (2, 2)
    assert chart.bars[0].path == "/history?q=203.0.113.7&kind=ban&since=2026-11-22T20:41Z&until=2026-11-23T20:41Z"


def test_neighbours_lead_to_their_network_in_the_history() -> None:
    subnet, system = view(dossier=Dossier(STORY, None, "EVIL-NET")).neighbours
    assert (subnet.name, subnet.path) == ("203.0.113.0/24", "/history?q=203.0.113.0/24")
    assert (system.name, system.path) == ("AS64500 EVIL-NET", "/history?network=AS64500")
    assert subnet.rows[0].id_path == "/address?id=203.0.113.9"


def test_a_network_counts_what_is_in_it_and_what_was_banned_itself() -> None:
    inside = Surroundings("203.0.113.0/24", Count(10_000, is_exact=False), (ROW,))
    story = replace(STORY, id="203.0.113.0/24", inside=inside, subnet=None)
    found = view("203.0.113.0/24", dossier=Dossier(story, None, None))
    assert [(figure.name, figure.number, figure.is_exact) for figure in found.figures[:2]] == [
        ("Bans in it", 10_000, False),
        ("Bans of itself", 12, True),
    ]
    assert found.neighbours[0].title == "In this network"


def test_an_id_without_a_past_has_no_figures() -> None:
    empty = Story("192.0.2.200", None, (), (), has_more_bans=False)
    found = view("192.0.2.200", dossier=Dossier(empty, None, None))
    assert (found.is_unseen, found.figures, found.credits) == (True, (), ())


def test_trouble_with_the_history_leaves_the_present() -> None:
    found = view(trouble=StoreError("it is damaged", "wait", trouble=StoreTrouble.DAMAGED))
    assert found.trouble is not None
    assert (found.is_unseen, found.current.state) == (False, CurrentState.BANNED)
