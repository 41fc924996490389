from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from bangui.domain.history import Origin
from bangui.domain.places import NOWHERE, Network, Place
from bangui.domain.snapshot import Snapshot
from bangui.services.ban_order import BanPlace
from bangui.services.ban_origins import AskedBan
from bangui.services.ban_search import FoundBan, FoundBans
from bangui.web.bans_contexts import BansView, EmptyBans
from bangui.web.bans_query import BansQuery, understand_bans
from bangui.web.bans_view import Moment, build_bans
from packages.bangui.tests.web.scripted import NOW, few_bans, make_ban, make_snapshot, never_asked

SNAPSHOT = few_bans()
PLACE = Place("DE", Network(64_500, "<b>NET"))
BAN = make_ban("203.0.113.9", age=60)
NOBODY = FoundBans((), 1, 0, None, None, ())
ONE = FoundBans(
    (FoundBan(BAN, PLACE, AskedBan(Origin.HAND, 0, "alice", "too loud")),),
    101,
    250,
    BanPlace(-1.0, -1.0, "sshd", "a"),
    BanPlace(-2.0, -2.0, "sshd", "b"),
    (),
    frozenset({"DE", "CN"}),
    has_origins=True,
)


def view_of(query: BansQuery, found: FoundBans | None = ONE, snapshot: Snapshot = SNAPSHOT) -> BansView:
    moment = Moment("run-1", NOW, may_ban=True, credits=("somebody",))
    return build_bans(snapshot, query, understand_bans(query), found, moment)


def test_a_row_leads_to_the_same_list_narrowed_by_what_stands_in_it() -> None:
    (row,) = view_of(BansQuery(q="203", sort="left")).rows
    assert (row.id, row.id_path) == ("203.0.113.9", "/address?id=203.0.113.9")
    assert row.jail_path == "/bans?q=203&jail=sshd&sort=left"
    assert (row.country, row.country_path) == ("DE", "/bans?q=203&country=DE&sort=left")
    assert row.network is not None
    assert (row.network.number, row.network.name) == (64_500, "<b>NET")
    assert row.network.path == "/bans?q=203&network=AS64500&sort=left"
    assert (row.by, row.reason) == ("by alice", "too loud")


def test_what_is_not_known_of_a_ban_is_left_out() -> None:
    found = FoundBans((FoundBan(BAN, NOWHERE, None),), 1, 1, None, None, ())
    (row,) = view_of(BansQuery(), found).rows
    assert (row.country, row.country_path, row.network, row.by, row.reason) == (None, None, None, "", "")


def test_a_page_knows_its_neighbours_and_the_first() -> None:
    view = view_of(BansQuery(jail="sshd"))
    assert (view.first, view.last, view.matching, view.total) == (101, 101, 250, 8)
    assert view.first_path is None
    assert view.previous_path is not None
    assert view.next_path is not None
    assert view.previous_path.startswith("/bans?jail=sshd&before=")
    assert view.next_path.startswith("/bans?jail=sshd&after=")


def test_every_head_sorts_and_the_one_in_force_turns_the_list_around() -> None:
    heads = {head.look: head for head in view_of(BansQuery(sort="left", q="203")).heads}
    assert list(heads) == ["address", "jail", "country", "network", "since", "ends"]
    assert heads["ends"].direction == "ascending"
    assert heads["ends"].path == "/bans?q=203&sort=left&order=desc"
    assert heads["since"].path == "/bans?q=203"
    assert heads["address"].path == "/bans?q=203&sort=address"
    assert heads["address"].direction is None


def test_each_filter_has_a_chip_that_takes_it_away() -> None:
    query = BansQuery("203.0.113.0/24", "sshd", "de,cn", "64500", "hand", "203.0.113.9")
    chips = [(chip.name, chip.text, chip.path) for chip in view_of(query).chips]
    rest = "country=de,cn&network=64500&origin=hand"
    assert [(name, text) for name, text, _ in chips] == [
        ("Within", "203.0.113.0/24"),
        ("Address", "203.0.113.9"),
        ("Jail", "sshd"),
        ("Country", "Germany, China"),
        ("Network", "AS64500 <b>NET"),
        ("Asked by", "somebody, by hand"),
    ]
    assert chips[0][2] == f"/bans?jail=sshd&{rest}&address=203.0.113.9"
    assert chips[1][2] == f"/bans?q=203.0.113.0/24&jail=sshd&{rest}"
    assert chips[2][2] == f"/bans?q=203.0.113.0/24&{rest}&address=203.0.113.9"


def test_a_part_of_a_text_and_an_address_have_chips_of_their_own() -> None:
    chips = view_of(BansQuery(q="ssh", address="203.0.113.9")).chips
    assert [(chip.name, chip.path) for chip in chips] == [
        ("Contains", "/bans?address=203.0.113.9"),
        ("Address", "/bans?q=ssh"),
    ]


def test_the_form_keeps_what_was_typed_and_offers_what_there_is() -> None:
    form = view_of(BansQuery(jail="gone", country="cn")).form
    assert [choice.value for choice in form.countries] == ["CN", "DE"]
    assert [choice.value for choice in form.countries if choice.is_chosen] == ["CN"]
    assert [choice.value for choice in form.jails if choice.is_chosen] == ["gone"]
    assert not form.is_wide
    assert view_of(BansQuery(network="AS1")).form.is_wide
    assert view_of(BansQuery(origin="nobody"), None).form.is_wide


def test_the_form_for_a_ban_and_the_history_are_led_to_with_the_search() -> None:
    view = view_of(BansQuery(q="203.0.113.0/24", jail="sshd"))
    assert parse_qs(urlsplit(view.new_path).query) == {"back": ["/bans?q=203.0.113.0/24&jail=sshd"]}
    assert view.history_path == "/history?q=203.0.113.0/24&jail=sshd"
    assert view_of(BansQuery()).new_path == "/bans/new"


@pytest.mark.parametrize(
    ("query", "found", "snapshot", "reason"),
    [
        (BansQuery(sort="size"), None, SNAPSHOT, EmptyBans.WRONG_FIELD),
        (BansQuery(), NOBODY, never_asked(), EmptyBans.NOTHING_KNOWN),
        (BansQuery(), NOBODY, make_snapshot(jails=()), EmptyBans.NO_JAIL),
        (BansQuery(jail="gone"), NOBODY, SNAPSHOT, EmptyBans.UNKNOWN_JAIL),
        (BansQuery(q="x"), NOBODY, SNAPSHOT, EmptyBans.NO_MATCH),
        (BansQuery(origin="hand"), NOBODY, SNAPSHOT, EmptyBans.UNKNOWN_ORIGINS),
        (BansQuery(), FoundBans((), 6, 5, None, None, ()), SNAPSHOT, EmptyBans.PAGE_GONE),
        (BansQuery(), FoundBans((), 1, 0, None, None, SNAPSHOT.bans[:1]), SNAPSHOT, EmptyBans.UNLISTED),
        (BansQuery(), NOBODY, make_snapshot(), EmptyBans.NO_BAN),
        (BansQuery(), NOBODY, make_snapshot(failures=0), EmptyBans.NO_FAILURE),
        (BansQuery(), ONE, SNAPSHOT, None),
    ],
)
def test_an_empty_list_has_a_reason(
    query: BansQuery, found: FoundBans | None, snapshot: Snapshot, reason: EmptyBans | None
) -> None:
    assert view_of(query, found, snapshot).empty is reason
