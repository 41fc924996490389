"""The overview with the keyboard alone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from packages.bangui.tests.web.browser.conftest import OpenPage
from packages.bangui.tests.web.scripted import few_bans, make_ban, make_snapshot
from packages.bangui.tests.web.served import ServedPage

pytestmark = pytest.mark.browser


def now() -> datetime:
    return datetime.now(UTC)


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.innerText || document.activeElement.name || ''"))


def test_slash_goes_to_the_search_and_escape_leaves_it(open_page: OpenPage) -> None:
    with ServedPage(few_bans(now())) as served:
        page = open_page(served.url)
        page.wait_for_load_state("load")
        page.keyboard.press("/")
        expect(page.get_by_role("searchbox")).to_be_focused()
        page.keyboard.type("jk?n/")
        expect(page.get_by_role("searchbox")).to_have_value("jk?n/")
        page.keyboard.press("Escape")
        expect(page.get_by_role("searchbox")).not_to_be_focused()


def test_j_and_k_and_arrows_move_in_the_bans(open_page: OpenPage) -> None:
    with ServedPage(few_bans(now())) as served:
        page = open_page(served.url)
        page.keyboard.press("j")
        assert "203.0.113.45" in focused(page)
        page.keyboard.press("j")
        page.keyboard.press("ArrowDown")
        assert "198.51.100.23" in focused(page)
        page.keyboard.press("k")
        page.keyboard.press("ArrowUp")
        page.keyboard.press("k")
        assert "203.0.113.45" in focused(page)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("203.0.113.45")


def test_rows_move_in_the_table_where_the_focus_is(open_page: OpenPage) -> None:
    with ServedPage(few_bans(now())) as served:
        # There is no daemon here whose jail could be shown.
        page = open_page(served.url, expected=("Failed to load resource",))
        page.wait_for_load_state("load")
        page.locator(".jail-table").get_by_role("link", name="nginx-botsearch").focus()
        page.keyboard.press("j")
        assert "nginx-http-auth" in focused(page)
        page.keyboard.press("Enter")
        expect(page).to_have_url(f"{served.url}/jail?name=nginx-http-auth")


def test_question_mark_lists_the_keys_and_escape_closes_the_list(open_page: OpenPage) -> None:
    with ServedPage(few_bans(now())) as served:
        page = open_page(served.url)
        page.keyboard.press("?")
        dialog = page.get_by_role("dialog", name="Keys")
        expect(dialog).to_be_visible()
        page.keyboard.press("j")
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
        page.get_by_role("button", name="Keys").click()
        expect(dialog).to_be_visible()
        dialog.get_by_role("button", name="Close").click()
        expect(dialog).to_be_hidden()


def test_keys_of_the_browser_are_left_alone(open_page: OpenPage) -> None:
    with ServedPage(few_bans(now())) as served:
        page = open_page(served.url)
        page.keyboard.press("Control+j")
        assert page.evaluate("document.activeElement === document.body")


def test_n_shows_the_bans_that_wait(open_page: OpenPage) -> None:
    bans = [make_ban(f"192.0.2.{number}", age=60 + number, now=now()) for number in range(90)]
    with ServedPage(make_snapshot(bans, now=now())) as served:
        page = open_page(served.url)
        page.keyboard.press("j")
        served.show(make_snapshot([make_ban("198.51.100.1", age=0, now=now()), *bans], now=now()))
        expect(page.get_by_role("button", name="1 new ban")).to_be_visible()
        assert "192.0.2.0" in focused(page)
        page.keyboard.press("n")
        expect(page.locator(".ban-table .address").first).to_have_text("198.51.100.1")


def test_tab_reaches_everything_in_reading_order(open_page: OpenPage) -> None:
    with ServedPage(few_bans(now())) as served:
        page = open_page(served.url)
        order = []
        for _ in range(40):
            page.keyboard.press("Tab")
            order.append(
                page.evaluate(
                    "document.activeElement.closest('.skip, .side, .totals, .jails, .bans, .foot')?.className"
                )
            )
            if order[-1] == "foot":
                break
        parts = [part for place, part in enumerate(order) if place == 0 or order[place - 1] != part]
        assert parts == ["skip", "side", "totals", "jails", "bans", "foot"]


def test_the_skip_link_leads_to_the_content(open_page: OpenPage) -> None:
    with ServedPage(few_bans(now())) as served:
        page = open_page(served.url)
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to the content")).to_be_in_viewport()
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_be_focused()


def test_the_focus_can_always_be_seen(open_page: OpenPage) -> None:
    with ServedPage(few_bans(now())) as served:
        page = open_page(served.url)
        for _ in range(12):
            page.keyboard.press("Tab")
            style = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert style != "none"
