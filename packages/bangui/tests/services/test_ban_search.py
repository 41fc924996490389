from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bangui.domain.addresses import parse_address
from bangui.domain.history import BanNote, Origin
from bangui.domain.places import NOWHERE
from bangui.services.ban_matching import BanFilter
from bangui.services.ban_order import BanKey, BanOrder
from bangui.services.ban_search import BanQuestion, BanSearch
from packages.bangui.tests.filled_history import HOST, NOW, PLACES, FilledHistory, FixedPlaces, ago, ban
from packages.bangui.tests.web.lent import lent
from packages.bangui.tests.web.scripted import make_ban, make_snapshot

FEW = make_snapshot(
    [
        make_ban("203.0.113.9", "sshd", age=60, now=NOW),
        make_ban("198.51.100.1", "nginx", age=120, now=NOW),
        make_ban("2001:db8::7", "sshd", age=180, duration=None, now=NOW),
        make_ban("192.0.2.1", "nginx", age=240, now=NOW),
    ],
    now=NOW,
)


async def ids(search: BanSearch, question: BanQuestion) -> list[str]:
    return [found.ban.id for found in (await search.find(FEW, question)).bans]


async def test_bans_come_with_their_places_newest_first() -> None:
    found = await BanSearch(FixedPlaces()).find(FEW, BanQuestion())
    assert [(one.ban.id, one.place) for one in found.bans] == [
        ("203.0.113.9", PLACES["203.0.113.0/24"]),
        ("198.51.100.1", PLACES["198.51.100.0/24"]),
        ("2001:db8::7", PLACES["2001:db8::/32"]),
        ("192.0.2.1", NOWHERE),
    ]
    assert (found.first, found.last, found.matching) == (1, 4, 4)
    assert found.countries == {"DE", "US", "NL"}
    assert not found.has_origins


async def test_a_filter_an_order_and_a_page() -> None:
    search = BanSearch(FixedPlaces())
    order = BanOrder(BanKey.COUNTRY, is_descending=False)
    assert await ids(search, BanQuestion(order=order)) == ["203.0.113.9", "2001:db8::7", "198.51.100.1", "192.0.2.1"]
    assert await ids(search, BanQuestion(BanFilter(countries=("DE", "NL")), order)) == ["203.0.113.9", "2001:db8::7"]
    first = await search.find(FEW, BanQuestion(order=order, size=3))
    rest = await search.find(FEW, BanQuestion(order=order, size=3, after=first.next))
    assert [one.ban.id for one in rest.bans] == ["192.0.2.1"]
    assert (rest.first, rest.matching) == (4, 4)
    back = await search.find(FEW, BanQuestion(order=order, size=3, before=rest.previous))
    assert back.bans == first.bans


async def test_all_that_match_are_told_without_pages() -> None:
    search = BanSearch(FixedPlaces())
    within = BanFilter(within=(parse_address("198.51.0.0/16"),))
    assert [one.id for one in await search.matching(FEW, within)] == ["198.51.100.1"]
    assert len(await search.matching(FEW, BanFilter())) == 4


async def test_bans_that_have_changed_are_looked_through_again() -> None:
    search = BanSearch()
    assert len(await search.matching(FEW, BanFilter(jail="sshd"))) == 2
    fewer = replace(FEW, bans=tuple(replace(jail, bans=jail.bans[:1]) for jail in FEW.bans))
    assert len(await search.matching(fewer, BanFilter(jail="sshd"))) == 1
    without = replace(FEW, bans=FEW.bans[:1])
    assert await search.matching(without, BanFilter(jail="sshd")) == ()


async def test_jails_with_too_many_bans_to_list_are_named_where_they_are_meant() -> None:
    snapshot = make_snapshot([make_ban("192.0.2.1", "sshd")], unlisted={"recidive": 12_403})
    search = BanSearch()
    found = await search.find(snapshot, BanQuestion())
    assert [(jail.jail, jail.total) for jail in found.unlisted] == [("recidive", 12_403)]
    assert (await search.find(snapshot, BanQuestion(BanFilter(jail="sshd")))).unlisted == ()


async def test_without_places_no_country_matches() -> None:
    search = BanSearch()
    assert await search.matching(FEW, BanFilter(countries=("DE",))) == ()
    found = await search.find(FEW, BanQuestion(order=BanOrder(BanKey.NETWORK)))
    assert {one.place for one in found.bans} == {NOWHERE}


async def test_without_a_history_no_origin_matches() -> None:
    assert await BanSearch().matching(FEW, BanFilter(origins=tuple(Origin))) == ()


async def test_the_history_tells_who_asked_for_a_ban(tmp_path: Path) -> None:
    history = FilledHistory(tmp_path / "history.sqlite3")
    note = BanNote(HOST, "sshd", "203.0.113.9", ago(1), Origin.HAND, "alice", "too loud")
    history.record([ban("203.0.113.9", 1)], [note])
    with lent(history) as source:
        search = BanSearch(source.places, source)
        found = await search.find(FEW, BanQuestion(BanFilter(origins=(Origin.HAND,))))
        assert [(one.ban.id, one.asked and one.asked.author) for one in found.bans] == [("203.0.113.9", "alice")]
        assert found.has_origins
        others = await search.matching(FEW, BanFilter(origins=(Origin.FILTER,)))
        assert "203.0.113.9" not in [one.id for one in others]
        assert len(others) == 3
