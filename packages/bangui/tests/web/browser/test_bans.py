"""The bans in force: found, ticked and unbanned, with the mouse, with the keyboard alone and without scripts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Page, Route, expect

from bangui.web.ban_values import ban_value
from packages.bangui.tests.web.browser.conftest import SIZES, OpenPage
from packages.bangui.tests.web.browser.test_look import findings, scrolls_sideways
from packages.bangui.tests.web.scripted import (
    HOSTILE_IDS,
    away,
    few_bans,
    hostile_host,
    make_ban,
    make_snapshot,
    many_bans,
)
from packages.bangui.tests.web.served import ServedPage

pytestmark = pytest.mark.browser

NOW = datetime.now(UTC)
STATES = {
    "few bans": few_bans(NOW),
    "many bans": many_bans(300, NOW),
    "no bans": make_snapshot(failures=0, now=NOW),
    "away": away(few_bans(NOW), since=NOW),
    "hostile": hostile_host(NOW),
    "unlisted": make_snapshot([make_ban("192.0.2.1", now=NOW)], unlisted={"recidive": 12_403}, now=NOW),
}
BOXES = "[data-rows] input[type=checkbox]"
ADDRESSES = "[data-rows] .address a"

Sent = list[dict[str, list[str]]]


def open_bans(open_page: OpenPage, served: ServedPage, query: str = "", *, scripts: bool = True) -> tuple[Page, Sent]:
    """Open the page; what its forms send is written down and answered with a page that says so."""
    page = open_page(f"{served.url}/bans{query}", scripts=scripts)
    page.wait_for_load_state("load")
    sent: Sent = []

    def answer(route: Route) -> None:
        sent.append(parse_qs(route.request.post_data or ""))
        route.fulfill(status=200, content_type="text/html", body="<title>sent</title>")

    page.route("**/bans/unban", answer)
    return page, sent


def send(page: Page, act: Callable[[], None]) -> None:
    act()
    expect(page).to_have_title("sent")


def ticked(page: Page) -> int:
    return page.locator(f"{BOXES}:checked").count()


@pytest.mark.parametrize("state", list(STATES))
def test_every_state_fits_every_screen_and_can_be_read(open_page: OpenPage, state: str) -> None:
    with ServedPage(STATES[state]) as served:
        page = open_page(f"{served.url}/bans")
        page.wait_for_load_state("load")
        for width, height in SIZES.values():
            page.set_viewport_size({"width": width, "height": height})
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            assert not scrolls_sideways(page)
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
                assert findings(page) == []


@pytest.mark.parametrize("size", list(SIZES))
def test_a_filtered_list_with_ticked_rows_can_be_read(open_page: OpenPage, size: str) -> None:
    with ServedPage(few_bans(NOW)) as served:
        page = open_page(f"{served.url}/bans?q=203.0.113.0/24&sort=left&network=AS1", size=size)
        page.wait_for_load_state("load")
        assert findings(page) == []
        page.get_by_role("link", name="Without this filter: Network").click()
        expect(page.locator(ADDRESSES)).to_have_count(3)
        page.locator(BOXES).first.check()
        expect(page.get_by_role("form", name="Selected bans")).to_contain_text("1 selected")
        assert findings(page) == []
        assert not scrolls_sideways(page)


def test_rows_are_ticked_one_by_one_in_stretches_and_all_at_once(open_page: OpenPage) -> None:
    with ServedPage(few_bans(NOW)) as served:
        page, sent = open_bans(open_page, served)
        bar = page.get_by_role("form", name="Selected bans")
        expect(bar).to_be_hidden()
        page.locator(BOXES).nth(1).click()
        page.locator(BOXES).nth(4).click(modifiers=["Shift"])
        expect(bar).to_contain_text("4 selected")
        page.get_by_label("Select all on this page").click()
        expect(bar).to_contain_text("8 selected")
        bar.get_by_role("button", name="Clear").click()
        expect(bar).to_be_hidden()
        assert ticked(page) == 0
        page.get_by_label("Select 192.0.2.131 in sshd").check()
        page.get_by_label("Select 203.0.113.7 in recidive").check()
        send(page, bar.get_by_role("button", name="Unban selected").click)
        (form,) = sent
        assert form["ban"] == [ban_value("sshd", "192.0.2.131"), ban_value("recidive", "203.0.113.7")]
        assert form["form_token"]
        assert "every" not in form


def test_a_row_has_its_own_button_which_leaves_the_ticked_ones_alone(open_page: OpenPage) -> None:
    with ServedPage(few_bans(NOW)) as served:
        page, sent = open_bans(open_page, served, "?jail=sshd")
        page.locator(BOXES).first.check()
        send(page, page.get_by_role("button", name="Unban 192.0.2.131 in sshd").click)
        assert sent[0]["ban"] == [ban_value("sshd", "192.0.2.131")]
        assert sent[0]["back"] == ["/bans?jail=sshd"]


def test_all_that_match_are_meant_by_their_filter(open_page: OpenPage) -> None:
    with ServedPage(many_bans(300, NOW)) as served:
        page, sent = open_bans(open_page, served, "?jail=sshd&q=11.&sort=left")
        send(page, page.get_by_role("button", name="that match").click)
        (form,) = sent
        assert (form["every"], form["jail"], form["q"]) == (["1"], ["sshd"], ["11."])
        assert "ban" not in form


def test_the_keyboard_alone_moves_ticks_and_unbans(open_page: OpenPage) -> None:
    with ServedPage(few_bans(NOW)) as served:
        page, sent = open_bans(open_page, served)
        for key in ("j", "j", "x", "j", "j", "Shift+X"):
            page.keyboard.press(key)
        expect(page.get_by_role("form", name="Selected bans")).to_contain_text("3 selected")
        page.keyboard.press("k")
        page.keyboard.press("x")
        expect(page.get_by_role("form", name="Selected bans")).to_contain_text("2 selected")
        send(page, lambda: page.keyboard.press("u"))
        assert len(sent[0]["ban"]) == 2


def test_u_without_a_selection_unbans_the_row_and_enter_opens_its_address(open_page: OpenPage) -> None:
    with ServedPage(few_bans(NOW)) as served:
        page, sent = open_bans(open_page, served)
        page.keyboard.press("u")
        page.keyboard.press("j")
        send(page, lambda: page.keyboard.press("u"))
        assert [form["ban"] for form in sent] == [[ban_value("sshd", "203.0.113.45")]]
        page.goto(f"{served.url}/bans")
        page.wait_for_load_state("load")
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("203.0.113.45")


def test_the_list_follows_what_is_typed_and_chosen_and_so_does_the_address(open_page: OpenPage) -> None:
    with ServedPage(few_bans(NOW)) as served:
        page, _ = open_bans(open_page, served)
        page.keyboard.press("/")
        page.keyboard.type("203.0.113.0/24")
        expect(page.locator(ADDRESSES)).to_have_text(["203.0.113.45", "203.0.113.7", "203.0.113.201"])
        expect(page).to_have_url(f"{served.url}/bans?q=203.0.113.0%2F24")
        page.get_by_role("combobox", name="Jail").select_option("recidive")
        expect(page.locator(ADDRESSES)).to_have_text(["203.0.113.7", "203.0.113.201"])
        page.get_by_role("link", name="Ends").click()
        expect(page.locator("th[aria-sort=ascending]")).to_have_text("Ends")
        page.get_by_role("link", name="Without this filter: Within").click()
        expect(page.get_by_role("searchbox", name="Address, network")).to_have_value("")
        expect(page.get_by_role("combobox", name="Jail")).to_have_value("recidive")
        expect(page.locator(ADDRESSES)).to_have_text(["2001:db8::42", "203.0.113.7", "203.0.113.201"])
        page.get_by_role("link", name="Without this filter: Jail").click()
        expect(page.get_by_role("combobox", name="Jail")).to_have_value("")
        page.go_back()
        expect(page.locator(ADDRESSES)).to_have_count(3)


def test_ticked_rows_and_the_place_on_the_page_survive_what_happens(open_page: OpenPage) -> None:
    bans = [make_ban(f"192.0.2.{number}", age=60 + number, duration=86_400, now=NOW) for number in range(60)]
    with ServedPage(make_snapshot(bans, now=NOW)) as served:
        page, sent = open_bans(open_page, served)
        page.get_by_label("Select 192.0.2.3 in sshd").check()
        page.get_by_label("Select 192.0.2.5 in sshd").check()
        new = make_ban("198.51.100.1", age=0, duration=86_400, now=NOW)
        ended = [ban for ban in bans if ban.id != "192.0.2.4"]
        served.show(make_snapshot([new, *ended], now=NOW))
        expect(page.get_by_role("button", name="1 new ban")).to_be_visible()
        expect(page.locator(ADDRESSES).first).to_have_text("192.0.2.0")
        expect(page.locator("tr.has-ended .address")).to_have_text(["192.0.2.4"])
        expect(page.get_by_role("form", name="Selected bans")).to_contain_text("2 selected")
        page.keyboard.press("n")
        expect(page.locator(ADDRESSES).first).to_have_text("198.51.100.1")
        expect(page.get_by_role("form", name="Selected bans")).to_contain_text("2 selected")
        served.show(make_snapshot([new, *(ban for ban in ended if ban.id != "192.0.2.3")], now=NOW))
        expect(page.get_by_role("form", name="Selected bans")).to_contain_text("1 selected")
        send(page, lambda: page.keyboard.press("u"))
        assert sent[0]["ban"] == [ban_value("sshd", "192.0.2.5")]


def test_a_list_at_rest_takes_new_bans_in_and_unfolded_filters_stay_so(open_page: OpenPage) -> None:
    with ServedPage(few_bans(NOW)) as served:
        page, _ = open_bans(open_page, served)
        page.get_by_text("More filters").click()
        served.show(make_snapshot([make_ban("198.51.100.99", age=0, now=NOW)], now=NOW))
        expect(page.locator(ADDRESSES)).to_have_text(["198.51.100.99"])
        expect(page.get_by_label("Asked by")).to_be_visible()


@pytest.mark.parametrize("size", list(SIZES))
def test_without_scripts_bans_are_found_paged_and_unbanned(open_page: OpenPage, size: str) -> None:
    with ServedPage(many_bans(1000, NOW)) as served:
        page, sent = open_bans(open_page, served, scripts=False)
        page.set_viewport_size({"width": SIZES[size][0], "height": SIZES[size][1]})
        page.get_by_role("link", name="Next page").click()
        expect(page.get_by_text("101–200 of 1,000")).to_be_visible()
        page.get_by_role("combobox", name="Jail").select_option("recidive")
        page.get_by_role("searchbox", name="Address, network").fill("2001:")
        page.locator(".list-form").get_by_role("button", name="Search").click()
        page.get_by_role("link", name="Address", exact=True).click()
        assert "jail=recidive" in page.url
        assert "sort=address" in page.url
        expect(page.locator(ADDRESSES).first).to_contain_text("2001:db8:")
        page.locator(BOXES).nth(0).check()
        page.locator(BOXES).nth(2).check()
        send(page, page.get_by_role("button", name="Unban selected").click)
        assert len(sent[0]["ban"]) == 2


def test_hostile_ids_are_ticked_and_sent_as_they_are(open_page: OpenPage) -> None:
    with ServedPage(hostile_host(NOW)) as served:
        page, sent = open_bans(open_page, served)
        page.get_by_label("Select all on this page").check()
        send(page, lambda: page.keyboard.press("u"))
        wanted = {ban_value(ban.jail, ban.id) for jail in hostile_host(NOW).bans for ban in jail.bans}
        assert set(sent[0]["ban"]) == wanted
        assert len(wanted) == len(HOSTILE_IDS) + 1


def test_a_hundred_thousand_bans_are_searched_and_paged_through(open_page: OpenPage) -> None:
    with ServedPage(many_bans(100_000, NOW)) as served:
        page, _ = open_bans(open_page, served)
        expect(page.get_by_role("heading", level=1)).to_have_text("Bans 100,000")
        page.get_by_role("link", name="Address", exact=True).click()
        expect(page.locator("th[aria-sort=ascending]")).to_have_text("Address")
        page.get_by_role("link", name="Next page").click()
        expect(page.get_by_text("101–200 of 100,000")).to_be_visible()
        page.get_by_role("searchbox", name="Address, network").fill("12.1.0.0/16")
        expect(page.get_by_role("heading", level=1)).to_contain_text("of 100,000")
        expect(page.locator(ADDRESSES).first).to_contain_text("12.1.")
