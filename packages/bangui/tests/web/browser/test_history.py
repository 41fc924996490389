"""The history and the dossier in a browser: searching, paging, what the overview leads to, keys, and no scripts."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bangui.web.history_query import address_path
from packages.bangui.tests.web.browser.conftest import SIZES, OpenPage
from packages.bangui.tests.web.browser.pasts import EMPTY, HOSTILE, ORDINARY, served
from packages.bangui.tests.web.browser.test_look import findings, scrolls_sideways
from packages.bangui.tests.web.scripted import HOSTILE_IDS
from packages.bangui.tests.web.served import ServedPage

pytestmark = pytest.mark.browser

ADDRESS = "/address?id=203.0.113.7"
WRONG = "/history?q=203.0.113.300&jail=shsd&network=evil&since=soon&until=never&words=%21"
VIEWS = {
    "everything": (ORDINARY, "/history"),
    "a search": (ORDINARY, "/history?q=203.0.113.0/24&kind=ban&since=30d&words=oracle"),
    "nothing found": (ORDINARY, "/history?q=sshd&since=1h"),
    "an address": (ORDINARY, ADDRESS),
    "a network": (ORDINARY, "/address?id=203.0.113.0/24"),
    "a private address": (ORDINARY, "/address?id=192.168.1.20"),
    "never seen": (ORDINARY, "/address?id=192.0.2"),
    "asked for an address": (ORDINARY, "/address"),
    "nothing recorded": (EMPTY, "/history"),
    "hostile events": (HOSTILE, "/history"),
    "hostile lines": (HOSTILE, "/history?words=name"),
    "a hostile id": (HOSTILE, "/address?id=%3Cscript%3Ealert(1)%3C/script%3E"),
    "a hostile long id": (HOSTILE, f"/address?id={'x' * 500}"),
}


@pytest.fixture
def page_server(tmp_path: Path) -> Iterator[ServedPage]:
    with served(tmp_path) as page:
        yield page


def rows(page: Page) -> int:
    return page.locator(".entry").count()


@pytest.mark.parametrize("view", list(VIEWS))
def test_every_view_fits_every_screen_and_can_be_read(open_page: OpenPage, tmp_path: Path, view: str) -> None:
    past, path = VIEWS[view]
    with served(tmp_path, past) as server:
        page = open_page(server.url + path)
        for width, height in SIZES.values():
            page.set_viewport_size({"width": width, "height": height})
            assert not scrolls_sideways(page)
            assert findings(page) == []


@pytest.mark.parametrize("view", ["a search", "an address", "hostile lines"])
def test_every_view_can_be_read_in_the_dark(open_page: OpenPage, tmp_path: Path, view: str) -> None:
    past, path = VIEWS[view]
    with served(tmp_path, past) as server:
        assert findings(open_page(server.url + path, theme="dark")) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_fields_that_are_wrong_can_be_read(open_page: OpenPage, page_server: ServedPage, size: str, theme: str) -> None:
    page = open_page(page_server.url + WRONG, size=size, theme=theme, expected=("422",))
    expect(page.locator("[aria-invalid]")).to_have_count(6)
    assert not scrolls_sideways(page)
    assert findings(page) == []


@pytest.mark.parametrize("width", [1024, 1280, 1366, 1408, 1440, 1920])
def test_a_whole_ipv6_address_stays_on_one_line(open_page: OpenPage, page_server: ServedPage, width: int) -> None:
    page = open_page(page_server.url + "/history?kind=ban")
    page.set_viewport_size({"width": width, "height": 800})
    heights = page.locator(".entry .address a").evaluate_all("links => links.map(link => link.offsetHeight)")
    assert len(set(heights)) == 1
    assert not scrolls_sideways(page)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_search_is_typed_chosen_and_sent(open_page: OpenPage, page_server: ServedPage, scripts: bool) -> None:
    page = open_page(page_server.url + "/history", scripts=scripts)
    page.locator("#q").fill("203.0.113.7")
    page.get_by_label("Kind").select_option("ban")
    page.get_by_role("button", name="Search").click()
    assert page.url.endswith("/history?q=203.0.113.7&kind=ban")
    expect(page.locator(".total")).to_have_text("13 events")
    page.get_by_role("button", name="24 h", exact=True).click()
    assert page.url.endswith("/history?q=203.0.113.7&kind=ban&since=24h")
    expect(page.locator(".total")).to_have_text("2 events")
    page.get_by_role("link", name="Without this filter: Address").click()
    assert page.url.endswith("/history?kind=ban&since=24h")


@pytest.mark.parametrize("scripts", [True, False])
def test_pages_go_on_and_back_with_the_browser(open_page: OpenPage, page_server: ServedPage, scripts: bool) -> None:
    page = open_page(page_server.url + "/history?since=1y", scripts=scripts)
    first = page.locator(".entry .address").first.inner_text()
    assert rows(page) == 100
    page.get_by_role("link", name="Next page").click()
    expect(page.get_by_role("link", name="First page")).to_be_visible()
    page.go_back()
    assert page.locator(".entry .address").first.inner_text() == first
    page.get_by_role("link", name="Next page").click()
    page.get_by_role("link", name="Next page").click()
    expect(page.get_by_text("The end")).to_be_visible()
    page.get_by_role("link", name="First page").click()
    assert page.url.endswith("/history?since=1y")


def test_a_head_sorts_and_sorts_the_other_way(open_page: OpenPage, page_server: ServedPage) -> None:
    page = open_page(page_server.url + "/history?kind=ban")
    page.get_by_role("columnheader", name="Address").get_by_role("link").click()
    expect(page.get_by_role("columnheader", name="Address")).to_have_attribute("aria-sort", "ascending")
    expect(page.locator(".entry .address").first).to_have_text("192.168.1.20")
    page.get_by_role("columnheader", name="Address").get_by_role("link").click()
    expect(page.locator(".entry .address").first).to_contain_text("2001:db8")


def test_a_file_is_downloaded_with_the_filters_of_the_page(
    open_page: OpenPage, page_server: ServedPage, tmp_path: Path
) -> None:
    page = open_page(page_server.url + "/history?kind=ban&q=203.0.113.7")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    assert download.value.suggested_filename.endswith(".csv")
    download.value.save_as(tmp_path / "events.csv")
    with (tmp_path / "events.csv").open(newline="") as file:
        assert {row["id"] for row in csv.DictReader(file)} == {"203.0.113.7"}


@pytest.mark.parametrize(("name", "kind"), [("Bans today", "ban"), ("Failures this week", "failure")])
def test_the_numbers_of_the_record_lead_to_their_events(
    open_page: OpenPage, page_server: ServedPage, name: str, kind: str
) -> None:
    page = open_page(page_server.url)
    page.locator(".totals div", has_text=name).get_by_role("link").click()
    expect(page).to_have_url(re.compile(rf"/history\?kind={kind}&since=\d{{4}}-\d\d-\d\dT\d\d:\d\dZ$"))


def test_a_column_leads_to_its_events_and_so_does_the_table_below(open_page: OpenPage, page_server: ServedPage) -> None:
    page = open_page(page_server.url)
    column = page.locator("[data-plot] a").first.get_attribute("href")
    page.get_by_text("The same as a table").click()
    page.locator("#chart td a").first.click()
    assert page.url.endswith(column or "nowhere")
    expect(page.get_by_role("heading", level=1)).to_have_text("History")


def test_a_country_a_network_and_an_address_lead_on(open_page: OpenPage, page_server: ServedPage) -> None:
    for key, address in (
        ("countries", "/history?kind=ban&country=CN&since=24h"),
        ("networks", "/history?kind=ban&network=AS4134&since=24h"),
        ("addresses", "/address?id=203.0.113.45"),
    ):
        page = open_page(page_server.url)
        page.locator(f'[data-key="ranking-{key}"] a').first.click()
        assert page.url.endswith(address)


def test_the_bans_lead_by_keyboard_alone_to_one_of_them_and_its_lines(
    open_page: OpenPage, page_server: ServedPage
) -> None:
    page = open_page(page_server.url + "/bans?q=203.0.113.7")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("203.0.113.7")
    expect(page.locator(".log-lines").first).to_contain_text("Failed password for root from 203.0.113.7")
    page.wait_for_load_state("load")  # the keys come with the scripts
    page.locator(".ban summary").nth(1).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".log-lines").nth(1)).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type("198.51.100.3")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("198.51.100.3")


def test_keys_move_in_the_events_and_open_an_address(open_page: OpenPage, page_server: ServedPage) -> None:
    page = open_page(page_server.url + "/history?words=oracle")
    page.keyboard.press("j")
    assert "203.0.113.7" in str(page.evaluate("document.activeElement.innerText"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("203.0.113.7")


def test_times_are_the_viewers_and_exact_on_hover(open_page: OpenPage, page_server: ServedPage) -> None:
    page = open_page(page_server.url + ADDRESS)
    oldest = page.locator(".ban time").last
    assert "UTC" not in oldest.inner_text()
    assert "CE" in (oldest.get_attribute("title") or "")  # the test's browser lives in Berlin


def test_a_line_without_end_scrolls_in_its_own_box(open_page: OpenPage, tmp_path: Path) -> None:
    with served(tmp_path, HOSTILE) as server:
        page = open_page(f"{server.url}{address_path(HOSTILE_IDS[0])}", size="phone")
        box = page.locator(".log-lines").first
        assert box.evaluate("box => box.scrollWidth > box.clientWidth")
        assert not scrolls_sideways(page)


def test_hostile_ids_lead_to_their_own_pages_and_back(open_page: OpenPage, tmp_path: Path) -> None:
    with served(tmp_path, HOSTILE) as server:
        page = open_page(server.url + "/history?sort=address")
        links = page.locator(".entry .address a")
        # The empty id has no page.
        assert links.count() == len(HOSTILE_IDS)
        for number in range(links.count()):
            title = links.nth(number).inner_text()
            links.nth(number).click()
            expect(page.get_by_role("heading", level=1)).to_contain_text(title[:40])
            expect(page.locator(".ban")).to_have_count(1)
            page.get_by_role("link", name="Everything in the history").click()
            expect(page.locator(".total")).to_have_text("1 event")
            page.goto(server.url + "/history?sort=address")


def test_nothing_shifts_while_a_page_starts(open_page: OpenPage, page_server: ServedPage) -> None:
    for path in ("/history", ADDRESS):
        page = open_page(page_server.url + path)
        shift = page.evaluate(
            """() => new Promise(done => { let sum = 0; new PerformanceObserver(list => {
                for (const entry of list.getEntries()) sum += entry.value; })
                .observe({type: 'layout-shift', buffered: true}); setTimeout(() => done(sum), 300); })"""
        )
        assert shift < 0.01
