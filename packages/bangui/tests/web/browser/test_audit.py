"""The audit trail in a browser: searching, paging, files, keys, and no scripts."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import expect

from bangui.domain.audit import AuditEntry
from packages.bangui.tests.web.auditing import ILL, USUAL, opened_trail
from packages.bangui.tests.web.browser.conftest import SIZES, OpenPage
from packages.bangui.tests.web.browser.test_look import findings, scrolls_sideways
from packages.bangui.tests.web.scripted import few_bans
from packages.bangui.tests.web.served import ServedPage

pytestmark = pytest.mark.browser

VIEWS = {
    "usual": (USUAL, "/audit"),
    "filtered": (USUAL, "/audit?actor=ada&since=30d&until=1h"),
    "nothing found": (USUAL, "/audit?actor=nobody&since=1h"),
    "nothing done": ((), "/audit"),
    "hostile": (ILL, "/audit"),
    "very many": (USUAL * 100, "/audit"),
}


@contextmanager
def served(folder: Path, entries: tuple[AuditEntry, ...] = USUAL, page_size: int = 100) -> Iterator[ServedPage]:
    with (
        opened_trail(folder, entries) as keeper,
        ServedPage(few_bans(), app=keeper.app(page_size=page_size)) as page,
    ):
        yield page


@pytest.mark.parametrize("view", list(VIEWS))
def test_it_fits_every_screen_and_can_be_read(open_page: OpenPage, tmp_path: Path, view: str) -> None:
    entries, path = VIEWS[view]
    with served(tmp_path, entries) as server:
        page = open_page(server.url + path)
        for width, height in SIZES.values():
            page.set_viewport_size({"width": width, "height": height})
            assert not scrolls_sideways(page)
            assert findings(page) == []


@pytest.mark.parametrize("view", ["usual", "hostile"])
def test_it_can_be_read_in_the_dark(open_page: OpenPage, tmp_path: Path, view: str) -> None:
    entries, path = VIEWS[view]
    with served(tmp_path, entries) as server:
        assert findings(open_page(server.url + path, theme="dark")) == []


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_what_is_wrong_stands_beside_its_field(open_page: OpenPage, tmp_path: Path, size: str) -> None:
    with served(tmp_path) as server:
        page = open_page(server.url + "/audit?since=soon&until=never", size=size, expected=("422",))
        expect(page.locator("[aria-invalid]")).to_have_count(2)
        assert not scrolls_sideways(page)
        assert findings(page) == []


@pytest.mark.parametrize("scripts", [True, False])
def test_it_is_searched_and_paged_through(open_page: OpenPage, tmp_path: Path, scripts: bool) -> None:
    with served(tmp_path, page_size=3) as server:
        page = open_page(server.url + "/audit", scripts=scripts)
        expect(page.locator(".audited")).to_have_count(3)
        page.get_by_role("link", name="Next page").click()
        expect(page.locator(".audited").first).to_contain_text("25 ids")
        page.get_by_role("link", name="Next page").click()
        expect(page.get_by_text("The end")).to_be_visible()
        page.get_by_role("link", name="First page").click()
        page.get_by_label("Who did it").fill("ada")
        page.get_by_label("What was done").select_option("ban")
        page.get_by_role("button", name="Search").click()
        expect(page.locator(".audited")).to_have_count(1)
        assert page.url.endswith("/audit?actor=ada&action=ban")
        page.get_by_role("link", name="Without this filter: Who").click()
        expect(page.locator(".audited")).to_have_count(2)


def test_the_exact_time_is_told_on_hover(open_page: OpenPage, tmp_path: Path) -> None:
    with served(tmp_path) as server:
        page = open_page(server.url + "/audit?action=allow.expire")
        time = page.locator(".audited time")
        expect(time).to_have_attribute("datetime", "2027-01-15T07:59:00Z")
        expect(time).to_have_attribute("title", "15 Jan 2027, 08:59:00 CET")


def test_the_file_has_what_the_page_shows(open_page: OpenPage, tmp_path: Path) -> None:
    with served(tmp_path) as server:
        page = open_page(server.url + "/audit?actor=ada")
        with page.expect_download() as download:
            page.get_by_role("link", name="CSV").click()
        rows = list(csv.DictReader(Path(download.value.path()).read_text().splitlines()))
        assert [row["target"] for row in rows] == ["moon", "name.example", "203.0.113.9", "sshd"]


def test_it_is_used_by_the_keyboard_alone(open_page: OpenPage, tmp_path: Path) -> None:
    with served(tmp_path) as server:
        page = open_page(server.url + "/audit")
        page.wait_for_load_state("load")
        page.keyboard.press("/")
        page.keyboard.type("203.0.113.9")
        page.keyboard.press("Enter")
        expect(page.locator(".audited")).to_have_count(1)
        page.wait_for_load_state("load")
        page.keyboard.press("j")
        expect(page.locator(".audited")).to_be_focused()
        page.keyboard.press("Enter")
        page.wait_for_url("**/address?id=203.0.113.9")


def test_hostile_texts_do_nothing(open_page: OpenPage, tmp_path: Path) -> None:
    with served(tmp_path, ILL) as server:
        page = open_page(server.url + "/audit")
        expect(page.locator(".audited")).to_have_count(2)
        assert page.evaluate("document.querySelectorAll('main script').length") == 0
        page.locator(".audited .actor").last.click()
        expect(page.locator(".audited")).to_have_count(1)
