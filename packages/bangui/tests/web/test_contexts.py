from bangui.web.contexts import BanList
from bangui.web.overview import build_overview
from bangui.web.query import ViewQuery
from packages.bangui.tests.web.scripted import NOW, few_bans, make_snapshot


def ban_list(size: int) -> BanList:
    return build_overview(few_bans(), ViewQuery(), state="x-1", now=NOW, page_size=size).bans


def test_a_list_knows_the_number_of_its_last_row() -> None:
    assert (ban_list(5).first, ban_list(5).last) == (1, 5)
    assert (ban_list(50).first, ban_list(50).last) == (1, 8)


def test_an_empty_list_ends_before_it_begins() -> None:
    bans = build_overview(make_snapshot(), ViewQuery(), state="x-1", now=NOW, page_size=5).bans
    assert (bans.first, bans.last) == (1, 0)
